/**
 * The process that owns ONNX Runtime: `run` blocks its thread, and a native crash must not take the program along. It
 * knows sessions and tensors and nothing of pictures.
 */
import { env, InferenceSession, listSupportedBackends, Tensor as OnnxTensor } from 'onnxruntime-node'
import { floatsFrom, halvesFrom } from './half.ts'
import type { Envelope, Memory, Port, Ports, Reply, Request, RunResult, Tensor } from './messages.ts'

// Errors are thrown as well; printed, they would run into the lines of whoever started the program.
env.logLevel = 'fatal'

type Feeds = { [name: string]: OnnxTensor }

const sessions = new Map<string, { session: InferenceSession; feeds: Feeds }>()

async function answer(request: Request): Promise<unknown> {
  switch (request.op) {
    case 'load':
      return load(request)
    case 'run':
      return run(request.key, request.feeds)
    case 'free':
      await sessions.get(request.key)?.session.release()
      sessions.delete(request.key)
      return null
    case 'memory':
      return memory()
  }
}

/** ONNX Runtime itself would go on without a provider that it does not have. */
function refuseAbsent(providers: readonly string[]): void {
  const present = listSupportedBackends().map(({ name }) => name)
  const absent = providers.filter((name) => !present.includes(name))
  if (absent.length > 0)
    throw new Error(`there is no execution provider ${absent.join(', ')}; there is ${present.join(', ')}`)
}

async function load({ key, path, options }: Extract<Request, { op: 'load' }>): Promise<Ports> {
  refuseAbsent(options.executionProviders)
  const session = await InferenceSession.create(path, {
    executionProviders: [...options.executionProviders],
    intraOpNumThreads: options.threads,
    logSeverityLevel: 4,
    // Threads that spin while they wait make everything slower as soon as another program wants the processor too.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
  sessions.set(key, { session, feeds: {} })
  return { inputs: session.inputMetadata.map(port), outputs: session.outputMetadata.map(port) }
}

function port(value: InferenceSession.ValueMetadata): Port {
  if (!value.isTensor) return { name: value.name, type: 'not a tensor', dims: [] }
  const dims = value.shape.map((size) => (typeof size === 'number' && size > 0 ? size : null))
  return { name: value.name, type: value.type, dims }
}

async function run(key: string, given: { [name: string]: Tensor | null }): Promise<RunResult> {
  const known = sessions.get(key)
  if (!known) throw new Error(`no session ${key}`)
  const { session } = known
  const tensors = Object.entries(given).map(([name, tensor]) => {
    return [name, tensor ? cast(session, name, tensor) : known.feeds[name]] as const
  })
  known.feeds = Object.fromEntries(tensors.flatMap(([name, tensor]) => (tensor ? [[name, tensor]] : [])))
  const start = performance.now()
  const results = await session.run(known.feeds)
  const ms = performance.now() - start
  const outputs = Object.entries(results).map(([name, tensor]) => [name, plain(tensor)] as const)
  return { outputs: Object.fromEntries(outputs), ms }
}

function cast(session: InferenceSession, name: string, { data, dims }: Tensor): OnnxTensor {
  const type = session.inputMetadata.find((input) => input.name === name && input.isTensor)
  const wanted = type?.isTensor ? type.type : 'float32'
  switch (wanted) {
    case 'float16':
      return new OnnxTensor('float16', halvesFrom(data), dims)
    case 'int64':
      return new OnnxTensor(
        'int64',
        BigInt64Array.from(data, (value) => BigInt(Math.round(value))),
        dims,
      )
    case 'int32':
      return new OnnxTensor('int32', Int32Array.from(data, Math.round), dims)
    case 'float64':
      return new OnnxTensor('float64', Float64Array.from(data), dims)
    default:
      return new OnnxTensor('float32', data, dims)
  }
}

function plain({ data, dims, type }: OnnxTensor): Tensor {
  if (data instanceof Float32Array) return { data, dims }
  if (type === 'float16' && ArrayBuffer.isView(data))
    return { data: floatsFrom(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)), dims }
  if (Array.isArray(data)) throw new Error(`cannot read an output of type ${type}`)
  return { data: Float32Array.from(data, Number), dims }
}

function memory(): Memory {
  return { rss: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1024 }
}

function reply(message: Reply): void {
  if (process.connected) process.send?.(message)
}

/** One request after the other: a session must not be released while it runs. */
let last: Promise<void> = Promise.resolve()
process.on('message', ({ id, request }: Envelope) => {
  last = last.then(() =>
    answer(request).then(
      (value) => reply({ id, value }),
      (error: unknown) => reply({ id, error: error instanceof Error ? error.message : String(error) }),
    ),
  )
})
process.on('disconnect', () => process.exit())
// The terminal sends Ctrl-C to the whole group; the parent decides when this process ends.
process.on('SIGINT', () => {})
