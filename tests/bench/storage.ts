import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createMemoryStorage } from '../../runtime/memory/create-memory-storage.ts'
import type { RunEvent } from '../../runtime/run/events.ts'
import type { Journal } from '../../runtime/storage.ts'
import type { HomeStorage } from '../../server/storage/open-storage.ts'
import { openStorage } from '../../server/storage/open-storage.ts'
import { anna, newRun, result } from '../storage-suite.ts'

export interface Measured {
  name: string
  value: number
  unit: string
  goal?: string
}

/** What the storage costs beside the disk's own fsync, in the system's temporary folder. */
export async function bench(): Promise<Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), 'planograph-bench-'))
  const home = join(folder, 'home')
  try {
    const disk = await fsyncOfDisk(join(folder, 'plain'))
    const opening = await openingOf(home)
    const storage = openStorage(home)
    await storage.journal.create(newRun('bench'), [], anna, Number.MAX_SAFE_INTEGER)
    const measured = [
      { name: 'fsync of the disk itself', value: disk, unit: 'ms' },
      { ...opening, goal: '≤ 30' },
      ...(await commits(storage, disk)),
      await cacheHit(storage),
      await memoryAppend(),
      await lagWhileHammered(storage, home),
    ]
    await storage.close()
    return measured.map((each) => ({ ...each, value: Math.round(each.value * 100) / 100 }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function median(times: number, work: () => Promise<unknown>): Promise<number> {
  const took: number[] = []
  for (let time = 0; time < times; time += 1) {
    const begun = performance.now()
    await work()
    took.push(performance.now() - begun)
  }
  return took.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0
}

async function fsyncOfDisk(path: string): Promise<number> {
  const file = await open(path, 'w')
  const bytes = new Uint8Array(4_096)
  try {
    return await median(40, async () => {
      await file.write(bytes)
      await file.datasync()
    })
  } finally {
    await file.close()
  }
}

async function openingOf(home: string): Promise<Measured> {
  await openAndClose(home)
  return { name: 'opening a home', value: await median(5, () => openAndClose(home, false)), unit: 'ms' }
}

async function openAndClose(home: string, closes = true): Promise<void> {
  const storage = openStorage(home)
  await storage.ready()
  if (closes) await storage.close()
}

/** An event of about 300 bytes, as a finished step writes it. */
const event = (at: number): RunEvent => ({
  type: 'step.done',
  step: { node: `node-${at}`, index: '', round: 1 },
  attempt: 1,
  at: 1_700_000_000_000,
  ms: 12,
  key: 'k'.repeat(64),
  outputs: { text: { value: 'A lighthouse at sunset, long shadows, the sea is calm and the sky is red.' } },
})

async function appending(journal: Journal, count: number, times: number): Promise<number> {
  const events = Array.from({ length: count }, (_, at) => event(at))
  return await median(times, () => journal.append('bench', 1, events, 'running'))
}

async function commits({ journal }: HomeStorage, disk: number): Promise<Measured[]> {
  const one = await appending(journal, 1, 40)
  const hundred = await appending(journal, 100, 20)
  const thousand = await appending(journal, 1_000, 10)
  return [
    { name: 'journal commit of 1 event', value: one, unit: 'ms' },
    { name: 'journal commit of 1 event, in fsyncs of the disk', value: one / disk, unit: '×' },
    { name: 'journal commit of 100 events', value: hundred, unit: 'ms' },
    { name: 'journal commit of 1,000 events', value: thousand, unit: 'ms', goal: '≤ 15' },
  ]
}

async function cacheHit({ results }: HomeStorage): Promise<Measured> {
  const keys = Array.from({ length: 1_000 }, (_, at) => `key-${at}`)
  await results.put(keys.map((key) => result(key, { madeAt: Date.now() })))
  const all = await median(5, async () => {
    for (const key of keys) await results.get(key)
  })
  return { name: 'hit of the result cache', value: all, unit: 'µs' }
}

async function memoryAppend(): Promise<Measured> {
  const { journal } = createMemoryStorage()
  await journal.create(newRun('bench'), [], anna, Number.MAX_SAFE_INTEGER)
  const ms = await median(5, async () => {
    for (let at = 0; at < 10_000; at += 1) await journal.append('bench', 1, [event(at)], 'running')
  })
  return { name: 'append of 1 event in memory', value: ms / 10, unit: 'µs' }
}

/** This process appends at its ease while another one writes to the same home as fast as it can. */
async function lagWhileHammered(storage: HomeStorage, home: string): Promise<Measured> {
  await storage.journal.create(newRun('wanted'), [], anna, 0)
  const script = fileURLToPath(new URL('../server/storage/hammer.ts', import.meta.url))
  const child = fork(script, [home, 'rival', '150'], { execArgv: ['--import', 'tsx'] })
  await once(child, 'message')
  let hammering = true
  child.once('exit', () => {
    hammering = false
  })
  const resolution = 1
  const delay = monitorEventLoopDelay({ resolution })
  child.send('go')
  delay.enable()
  while (hammering) {
    await storage.journal.append('bench', 1, [event(0)], 'running')
    await pause(20)
  }
  delay.disable()
  const lag = delay.percentile(99) / 1e6 - resolution
  return { name: 'event-loop lag p99 while another process hammers', value: lag, unit: 'ms', goal: '≤ 50' }
}
