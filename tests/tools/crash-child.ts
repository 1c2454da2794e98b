import { answer, crashLab, follow, tenNodes, write } from '../server/crash/crash-lab.ts'
import { recordingFiles } from '../server/storage/recording-files.ts'

/**
 * Runs the ten nodes on the home in `folder` and kills itself, with no chance to tidy up, at the durable operation
 * with the number `killAt`. With `cancelAt` it cancels the run when so many steps are done.
 */
const [folder = '', killAt = '0', cancelAt = '0'] = process.argv.slice(2)
let operations = 0

function operation(): void {
  operations++
  if (operations === Number(killAt)) process.kill(process.pid, 'SIGKILL')
}

const { runtime, storage } = crashLab(folder, 'child', {
  files: recordingFiles(operation),
  committed: operation,
})
const run = await runtime.start(tenNodes)
write(folder, 'told', `accepted ${run.id}`)
follow(folder, run)
let done = 0
const cancelled = new Promise<void>((resolve) => {
  run.listen((message) => {
    if (!('event' in message) || message.event.type !== 'step.done' || ++done !== Number(cancelAt)) return
    void run.cancel('ann').then(() => {
      write(folder, 'told', 'cancelled')
      resolve()
    })
  })
})
await Promise.race([cancelled, answer(folder, run)])
await runtime.close()
await storage.close()
process.stdout.write(String(operations))
