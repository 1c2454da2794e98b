import { expect, it } from 'vitest'
import { graph } from '../../tools/engine.ts'
import { recordingFiles } from '../storage/recording-files.ts'
import { temporaryFolder } from '../storage/temporary-home.ts'
import { crashLab } from './crash-lab.ts'

it('[R86] a blob is written, synced, renamed and its folder synced; then the journal is committed; then it is told', async () => {
  const order: string[] = []
  const files = recordingFiles((verb) => {
    if (verb !== 'touch') order.push(verb)
  })
  const { runtime, storage } = crashLab(await temporaryFolder(), 'one', {
    files,
    committed: () => order.push('commit'),
  })
  const run = await runtime.start(graph({ l: ['long', { length: 9000 }] }))
  order.length = 0
  run.listen((message) => {
    if ('event' in message) order.push(`told ${message.event.type}`)
  })
  await run.idle()
  await runtime.close()
  await storage.close()
  const told = order.indexOf('told step.done')
  const before = order.slice(0, told).filter((verb) => verb !== 'close' && verb !== 'open')
  expect(before.slice(0, 3)).toEqual(['write', 'fsync', 'rename'])
  expect(before).toContain('fsyncDirectory')
  expect(before.lastIndexOf('fsyncDirectory')).toBeLessThan(before.indexOf('commit'))
  expect(before.at(-1)).toBe('commit')
})

it('[R85] a run is committed before its id is given out', async () => {
  const order: string[] = []
  const { runtime, storage } = crashLab(await temporaryFolder(), 'one', {
    committed: () => order.push('commit'),
  })
  const run = await runtime.start(graph({ t: ['text'] }))
  order.push('accepted')
  await run.idle()
  await runtime.close()
  await storage.close()
  expect(order.slice(0, 2)).toEqual(['commit', 'accepted'])
})
