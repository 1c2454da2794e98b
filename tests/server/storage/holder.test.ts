import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { isAlive, thisProcess } from '../../../server/storage/holder.ts'

const later = 10_000
const held = { ...thisProcess(), epoch: 1, heartbeat: 0, expiry: later }

describe('a holder', () => {
  test('that is this process is alive until its time has run out', () => {
    expect(isAlive(held, later - 1)).toBe(true)
    expect(isAlive(held, later)).toBe(false)
  })

  test('on another host is alive until its time has run out', () => {
    const elsewhere = { ...held, host: 'elsewhere', pid: 999_999_999 }
    expect(isAlive(elsewhere, later - 1)).toBe(true)
    expect(isAlive(elsewhere, later)).toBe(false)
  })

  test('whose process has ended is not alive', async () => {
    const child = fork(fileURLToPath(new URL('hammer.ts', import.meta.url)), [], {
      execArgv: ['--import', 'tsx'],
    })
    const pid = child.pid ?? 0
    await once(child, 'exit')
    expect(isAlive({ ...held, pid }, 0)).toBe(false)
  })

  test('answers the same about itself every time', () => {
    expect(thisProcess()).toEqual(thisProcess())
  })

  test.skipIf(process.platform !== 'linux')(
    'whose process number now belongs to another program is not alive (only Linux tells)',
    () => {
      expect(isAlive({ ...held, started: held.started - 10 }, 0)).toBe(false)
    },
  )
})
