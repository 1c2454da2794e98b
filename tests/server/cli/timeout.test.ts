import { expect, it } from 'vitest'
import { newDesk, workflow } from './planograph.ts'

it('--timeout parks the run with exit code 4, and resume goes on with it', async () => {
  const desk = await newDesk()
  const slow = workflow({
    render: { type: 'txt2img', values: { prompt: 'a red house', steps: 40, count: 2 } },
  })
  await desk.write('slow.json', slow)
  const parked = await desk.planograph('run', 'slow.json', '--timeout', '300ms', '--json')
  expect(parked.json().status).toBe('parked')
  expect(parked.code).toBe(4)
  const { run } = parked.json()
  const gone = await desk.planograph('resume', run, '--json')
  expect(gone.code).toBe(0)
  expect(gone.json()).toMatchObject({ run, status: 'done' })
})

it('an interrupt before anything began cancels the run too: exit code 130', async () => {
  const desk = await newDesk()
  desk.signal = AbortSignal.abort()
  await desk.write('slow.json', workflow({ render: { type: 'txt2img', values: { prompt: 'a red house' } } }))
  expect((await desk.planograph('run', 'slow.json')).code).toBe(130)
})
