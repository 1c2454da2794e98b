import { openStorage } from '../../../server/storage/open-storage.ts'
import { anna, bytesOf, done, newRun } from '../../storage-suite.ts'
import { recordingFiles } from './recording-files.ts'

/** Run as a process of its own: `killed-at.ts <home> <point>` kills itself after that many durable operations. */
async function workUntil(home: string, point: number): Promise<void> {
  let passed = 0
  const pass = () => {
    passed += 1
    if (passed > point) process.kill(process.pid, 'SIGKILL')
  }
  const storage = openStorage(home, { files: recordingFiles(pass), committed: pass })
  await storage.journal.create(newRun('a'), [], anna, 9)
  process.send?.('created')
  const blob = await storage.blobs.put(bytesOf('a picture'))
  await storage.journal.append('a', 1, [done('paint', blob)], 'running')
  process.send?.('paint')
  await storage.close()
  process.disconnect()
}

const [home, point] = process.argv.slice(2)
if (home !== undefined && point !== undefined) await workUntil(home, Number(point))
