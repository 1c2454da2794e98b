import type { RunEvent, RunStatus } from '../run/events.ts'
import type { Held, Holder, Journal, JournalEntry, RunFilter, RunHead } from '../storage.ts'
import { Fenced, runExists, runMissing } from '../storage.ts'

interface MemoryRun {
  head: Omit<RunHead, 'seq' | 'holder'>
  epoch: number
  holder: Held | undefined
  entries: JournalEntry[]
}

/** Events are kept as they are handed in, not copied: whoever appends them does not change them afterwards. */
export function createMemoryJournal(now: () => number): Journal {
  const runs = new Map<string, MemoryRun>()

  return {
    async create(run, events, holder, expiry) {
      if (runs.has(run.id)) throw runExists(run.id)
      const at = now()
      const { id, workflowId, name, status, createdAt } = run
      const kept: MemoryRun = {
        head: { id, workflowId, name, status, createdAt, updatedAt: at },
        epoch: 1,
        holder: held(holder, 1, at, expiry),
        entries: [],
      }
      push(kept, events)
      runs.set(id, kept)
    },

    async append(id, epoch, events, status, after) {
      const run = runs.get(id)
      if (run === undefined) throw runMissing(id)
      if (run.holder?.epoch !== epoch) throw new Fenced(id)
      if (after !== undefined && run.entries.length !== after) return run.entries.length
      push(run, events)
      run.head.status = status
      run.head.updatedAt = now()
      return run.entries.length
    },

    async read(id, after = 0) {
      return runs.get(id)?.entries.slice(after) ?? []
    },

    async head(id) {
      const run = runs.get(id)
      return run && headOf(run)
    },

    async list(filter = {}) {
      const before = filter.before === undefined ? undefined : runs.get(filter.before)
      if (filter.before !== undefined && before === undefined) return []
      return [...runs.values()]
        .filter((run) => matches(run.head, filter) && (before === undefined || newestFirst(before, run) < 0))
        .sort(newestFirst)
        .slice(0, filter.limit)
        .map(headOf)
    },

    async acquire(id, holder, at, expiry, alive) {
      const run = runs.get(id)
      if (run === undefined) throw runMissing(id)
      if (run.holder !== undefined && alive({ ...run.holder }))
        return { ok: false, holder: { ...run.holder } }
      run.epoch += 1
      run.holder = held(holder, run.epoch, at, expiry)
      return { ok: true, epoch: run.epoch }
    },

    async heartbeat(id, epoch, at, expiry) {
      const holder = runs.get(id)?.holder
      if (holder?.epoch !== epoch) return false
      holder.heartbeat = at
      holder.expiry = expiry
      return true
    },

    async release(id, epoch) {
      const run = runs.get(id)
      if (run?.holder?.epoch === epoch) run.holder = undefined
    },

    async delete(id) {
      runs.delete(id)
    },
  }
}

function held({ pid, host, started }: Holder, epoch: number, heartbeat: number, expiry: number): Held {
  return { pid, host, started, epoch, heartbeat, expiry }
}

function push(run: MemoryRun, events: readonly RunEvent[]): void {
  for (const event of events) run.entries.push({ seq: run.entries.length + 1, epoch: run.epoch, event })
}

function headOf(run: MemoryRun): RunHead {
  const head = { ...run.head, seq: run.entries.length }
  return run.holder === undefined ? head : { ...head, holder: { ...run.holder } }
}

function matches(run: { workflowId: string; status: RunStatus }, filter: RunFilter): boolean {
  return (
    (filter.workflowId === undefined || run.workflowId === filter.workflowId) &&
    (filter.status === undefined || filter.status.includes(run.status))
  )
}

function newestFirst(a: MemoryRun, b: MemoryRun): number {
  return b.head.createdAt - a.head.createdAt || Number(a.head.id < b.head.id) - Number(a.head.id > b.head.id)
}
