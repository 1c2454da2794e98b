import type { RunHandle, Runtime, RuntimeOptions, RunView, StartOptions } from '../api.ts'
import { PlanographError } from '../errors.ts'
import type { RunState } from '../run/state.ts'
import type { RunHead } from '../storage.ts'
import type { Workflow } from '../workflow/schema.ts'
import type { RunEnv } from './env.ts'
import { explain } from './explain.ts'
import { holdRun, leaseMs } from './hold.ts'
import { LiveRun, type Origin } from './live-run.ts'
import { beginState, loadState, noRun } from './load.ts'
import { Pools } from './pools.ts'
import { prepareRun } from './prepare.ts'
import { type Takeover, takeoverFrom } from './takeover.ts'
import { viewRun } from './view.ts'
import { Watch } from './watch.ts'

interface ResumeOptions {
  acceptVersions?: boolean
  timeoutMs?: number
}

/** The engine over the given catalog, services, storage and clock. Holds no state of its own beyond the runs at work. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const env: RunEnv = {
    ...options,
    pool: new Pools(options.pools),
    watch: new Watch(options.clock),
    inflight: new Map(),
    lastBreath: options.clock.now(),
  }
  const runs = new Map<string, LiveRun>()
  const resuming = new Map<string, Promise<RunHandle>>()

  async function start(workflow: Workflow, given: StartOptions = {}): Promise<RunHandle> {
    const created = await prepareRun(env, workflow, given)
    const id = env.newId()
    const workflowId = workflow.id ?? id
    const head = {
      id,
      workflowId,
      name: workflow.name ?? '',
      status: 'queued' as const,
      createdAt: created.at,
    }
    await env.storage.journal.create(head, [created], env.holder, created.at + leaseMs)
    const origin = {
      head: { ...head, updatedAt: created.at, seq: 1 },
      state: beginState(env, created),
      epoch: 1,
      seq: 1,
    }
    return begin(liveRun(origin, workflowId), given.timeoutMs)
  }

  function liveRun(origin: Origin, workflowId: string): LiveRun {
    const { id } = origin.head
    return new LiveRun(env, origin, takeoverOf(env, workflowId, id), () => runs.delete(id))
  }

  function begin(run: LiveRun, timeoutMs?: number): LiveRun {
    runs.set(run.id, run)
    run.go(timeoutMs)
    return run
  }

  async function resume(id: string, given: ResumeOptions = {}): Promise<RunHandle> {
    const live = runs.get(id)
    if (live?.active) return live
    const going = resuming.get(id) ?? takeUp(id, given).finally(() => resuming.delete(id))
    resuming.set(id, going)
    return going
  }

  async function takeUp(id: string, given: ResumeOptions): Promise<RunHandle> {
    const head = await headOf(env, id)
    const { state, ...held } = await takeHold(id)
    const run = liveRun({ head, state, ...held }, head.workflowId)
    const changed = changedVersions(env, state)
    runs.set(id, run)
    if (!state.ended && changed.some(({ is }) => is === undefined || !given.acceptVersions))
      await run.block(versionError(id, changed))
    else await run.goOn(changed, given.timeoutMs)
    return run
  }

  /** Holds a run and reads it; one that cannot be read is let go again. */
  async function takeHold(id: string): Promise<Pick<Origin, 'state' | 'epoch' | 'seq'>> {
    const epoch = await holdRun(env, id)
    try {
      return { epoch, state: await loadState(env, id), seq: (await headOf(env, id)).seq }
    } catch (error) {
      await env.storage.journal.release(id, epoch)
      throw error
    }
  }

  async function view(id: string): Promise<RunView> {
    const live = runs.get(id)
    if (live?.active) return live.view()
    const head = await headOf(env, id)
    return viewRun(head, await loadState(env, id), head.seq, env.blobs)
  }

  async function fireDue(): Promise<string[]> {
    const fired: string[] = []
    for (const { id } of await env.storage.journal.list({ status: ['waiting'] })) {
      const due = dueReviews(await loadState(env, id), env.clock.now())
      if (due.length === 0) continue
      const run = await resume(id).catch(() => undefined)
      for (const { review, kind } of due) await run?.decide(review, { kind, by: 'timeout' }).catch(() => {})
      if (run) fired.push(id)
    }
    return fired
  }

  async function cancel(id: string, by?: string): Promise<void> {
    const live = runs.get(id)
    if (live && !live.lost) return live.cancel(by)
    if ((await loadState(env, id)).ended) return
    const run = await restingRun(id)
    await run.cancel(by)
  }

  /** A run to be cancelled need not go on first. */
  async function restingRun(id: string): Promise<LiveRun> {
    const head = await headOf(env, id)
    return liveRun({ head, ...(await takeHold(id)) }, head.workflowId)
  }

  return {
    start,
    resume,
    view,
    fireDue,
    cancel,
    explain: (run, node) => explain(env, run, node),
    close: async () => {
      for (const run of runs.values()) await run.park('The program was closed.')
    },
  }
}

async function headOf({ storage }: RunEnv, id: string): Promise<RunHead> {
  const head = await storage.journal.head(id)
  if (!head) throw noRun(id)
  return head
}

/** Reads the latest run of the same workflow once, when somebody asks for it. */
function takeoverOf(env: RunEnv, workflowId: string, id: string): () => Promise<Takeover | undefined> {
  let found: Promise<Takeover | undefined> | undefined
  const read = async () => {
    const [before] = await env.storage.journal.list({ workflowId, before: id, limit: 1 })
    if (!before) return undefined
    return takeoverFrom(before.id, await loadState(env, before.id))
  }
  return () => {
    found ??= read().catch(() => undefined)
    return found
  }
}

interface Changed {
  type: string
  was: number
  is: number | undefined
}

/** Node types whose installed version is not the one the run was made with. */
function changedVersions({ catalog }: RunEnv, { versions }: RunState): Changed[] {
  return Object.entries(versions).flatMap(([type, was]) => {
    const is = catalog.node(type)?.version
    return is === was ? [] : [{ type, was, is }]
  })
}

function versionError(run: string, changed: Changed[]): PlanographError {
  const list = changed.map(
    ({ type, was, is }) => `"${type}" was version ${was} and is ${is ?? 'not installed'}`,
  )
  return new PlanographError(
    'blocked',
    `Node types have changed since run ${run} began: ${list.join('; ')}.`,
    {
      code: 'versions-changed',
      hint: `Install those versions again, start a new run, or go on with the present ones: planograph resume ${run} --accept-versions`,
    },
  )
}

function dueReviews(state: RunState, now: number): { review: string; kind: 'approve' | 'reject' }[] {
  return [...state.reviews.values()].flatMap(({ review, status }) => {
    const { onDue, dueAt, id } = review
    const isDue = status === 'open' && dueAt !== undefined && dueAt <= now
    return isDue && (onDue === 'approve' || onDue === 'reject') ? [{ review: id, kind: onDue }] : []
  })
}
