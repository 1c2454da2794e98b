import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { PlanographError } from '../../../../runtime/errors.ts'
import type { Memory, Ports, Reply, Request, RunResult, SessionOptions, Tensor } from './messages.ts'

export interface EngineOptions {
  /** Default: `cpu` only. */
  executionProviders?: readonly string[]
  /** Threads inside one operator. Default: as many as the machine runs at once. */
  threads?: number
  /** The child is ended after this many milliseconds without work. Default: two minutes. */
  idleMs?: number
}

/** ONNX Runtime in its own process, started when first needed and again after it died. */
export interface Engine {
  /** Counts the children so far: sessions of an earlier one are gone. */
  readonly generation: number
  /** Of the living child. */
  readonly pid: number | undefined
  load(key: string, path: string, signal?: AbortSignal): Promise<Ports>
  /** A tensor that is the same object as in the session's run before is not sent again, so it must not be changed. */
  run(key: string, feeds: Feeds, signal?: AbortSignal): Promise<RunResult>
  free(key: string): Promise<void>
  /** Undefined while no child runs. */
  memory(): Promise<Memory | undefined>
  stop(): Promise<void>
}

export type Feeds = { readonly [name: string]: Tensor }

interface Pending {
  resolve(value: unknown): void
  reject(error: Error): void
  settle(): void
}

/** Nothing is started here. The child never keeps the program alive by itself. */
export function createEngine(options: EngineOptions = {}): Engine {
  return new ChildEngine(options)
}

class ChildEngine implements Engine {
  generation = 0
  private child: ChildProcess | undefined
  private readonly waiting = new Map<number, Pending>()
  private readonly sent = new Map<string, Feeds>()
  private readonly session: SessionOptions
  private readonly idleMs: number
  private idle: NodeJS.Timeout | undefined
  private lastId = 0

  constructor({
    executionProviders = ['cpu'],
    threads = availableParallelism(),
    idleMs = 120_000,
  }: EngineOptions) {
    this.session = { executionProviders, threads }
    this.idleMs = idleMs
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  load(key: string, path: string, signal?: AbortSignal): Promise<Ports> {
    return this.ask<Ports>({ op: 'load', key, path, options: this.session }, signal)
  }

  async run(key: string, feeds: Feeds, signal?: AbortSignal): Promise<RunResult> {
    if (signal?.aborted) throw cancelled()
    if (!this.child) throw crashed(null, null)
    const before = this.sent.get(key)
    const entries = Object.entries(feeds)
    const news = entries.map(([name, tensor]) => [name, before?.[name] === tensor ? null : tensor] as const)
    this.sent.set(key, feeds)
    return this.ask<RunResult>({ op: 'run', key, feeds: Object.fromEntries(news) }, signal)
  }

  async free(key: string): Promise<void> {
    this.sent.delete(key)
    if (this.child) await this.ask<null>({ op: 'free', key })
  }

  async memory(): Promise<Memory | undefined> {
    return this.child ? this.ask<Memory>({ op: 'memory' }) : undefined
  }

  async stop(): Promise<void> {
    clearTimeout(this.idle)
    const child = this.child
    if (!child) return
    this.forget(new PlanographError('cancelled', 'The embedded engine was stopped.'))
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.ref()
    child.kill('SIGKILL')
    await gone
  }

  /** The child answers each request with the type that its `op` has; this is the one place that relies on it. */
  private ask<T>(request: Request, signal?: AbortSignal): Promise<T> {
    const child = this.child ?? this.start()
    const id = ++this.lastId
    return new Promise<T>((resolve, reject) => {
      const abort = () => reject(cancelled())
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort, { once: true })
      const settle = () => signal?.removeEventListener('abort', abort)
      this.expect(id, { resolve, reject, settle })
      child.send({ id, request }, (error) => error && this.died(child, unheard(error)))
    })
  }

  private start(): ChildProcess {
    const source = import.meta.url.endsWith('.ts')
    const file = new URL(source ? './onnx-child.ts' : './onnx-child.js', import.meta.url)
    const child = fork(fileURLToPath(file), [], {
      serialization: 'advanced',
      execArgv: source ? ['--import', loader()] : [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.on('message', (reply: Reply) => this.receive(reply))
    child.once('error', (error) => this.died(child, startFailed(error)))
    child.once('exit', (code, signal) => this.died(child, crashed(code, signal)))
    child.unref()
    child.channel?.unref()
    this.child = child
    this.sent.clear()
    this.generation++
    return child
  }

  private expect(id: number, pending: Pending): void {
    clearTimeout(this.idle)
    if (this.waiting.size === 0) this.child?.channel?.ref()
    this.waiting.set(id, pending)
  }

  private receive(reply: Reply): void {
    const pending = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    if (this.waiting.size === 0) this.rest()
    pending?.settle()
    if ('error' in reply) pending?.reject(new EngineError(reply.error))
    else pending?.resolve(reply.value)
  }

  private rest(): void {
    this.child?.channel?.unref()
    this.idle = setTimeout(() => this.stop(), this.idleMs)
    this.idle.unref()
  }

  private died(child: ChildProcess, error: Error): void {
    if (this.child === child) this.forget(error)
  }

  private forget(error: Error): void {
    clearTimeout(this.idle)
    this.child = undefined
    const lost = [...this.waiting.values()]
    this.waiting.clear()
    for (const { settle, reject } of lost) {
      settle()
      reject(error)
    }
  }
}

/** A refusal of ONNX Runtime itself, in its own words. */
export class EngineError extends Error {}

function loader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
}

function cancelled(): PlanographError {
  return new PlanographError('cancelled', 'Painting was cancelled.')
}

function startFailed(cause: Error): PlanographError {
  return new PlanographError('bug', `The embedded engine could not be started: ${cause.message}`, {
    code: 'engine-crashed',
    retry: true,
    cause,
  })
}

function unheard(cause: Error): PlanographError {
  return new PlanographError('bug', `The embedded engine does not answer: ${cause.message}`, {
    code: 'engine-crashed',
    hint: 'It is started again with the next picture.',
    retry: true,
    cause,
  })
}

const KILLED: ReadonlySet<string | number | null> = new Set(['SIGKILL', 'SIGABRT', 134, 137])

/** Systems short of memory kill by SIGKILL, and ONNX Runtime aborts when an allocation fails. */
function crashed(code: number | null, signal: string | null): PlanographError {
  const how = signal ? `signal ${signal}` : code === null ? 'it is gone' : `exit code ${code}`
  if (KILLED.has(signal ?? code))
    return new PlanographError('out-of-memory', `The embedded engine was ended by the system (${how}).`, {
      code: 'engine-killed',
      hint: 'Usually memory ran out: take a smaller size or model, or close other programs, and try again.',
      retry: true,
    })
  return new PlanographError('bug', `The embedded engine ended unexpectedly (${how}).`, {
    code: 'engine-crashed',
    hint: 'It is started again with the next picture. If this happens each time, the model may not suit this machine.',
    retry: true,
  })
}
