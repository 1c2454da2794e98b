import { thisProcess } from '../../../server/storage/holder.ts'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { bytesOf, done, newRun, result, started } from '../../storage-suite.ts'

/** What a hammering process tells when it is done. */
export interface Hammered {
  retries: number
  mostRetries: number
  givenUp: number
  commits: number
}

/**
 * Run as a process of its own: `hammer.ts <home> <name> <rounds>`. Begins when told to, appends to its own run, puts
 * results and blobs (every second one the same as its rival's) and takes over a run that all want, as fast as it can.
 */
async function hammer(home: string, name: string, rounds: number): Promise<Hammered> {
  const storage = openStorage(home)
  const own = `run-${name}`
  const soon = () => Date.now() + 60_000
  await storage.journal.create(newRun(own), [], thisProcess(), soon())
  for (let round = 0; round < rounds; round += 1) {
    const shared = round % 2 === 0 ? `shared-${round}` : `${name}-${round}`
    const blob = await storage.blobs.put(bytesOf(shared))
    await Promise.all([
      storage.journal.append(own, 1, [started(`node-${round}`), done(`node-${round}`, blob)], 'running'),
      storage.results.put([result(shared)]),
      storage.journal.acquire('wanted', thisProcess(), Date.now(), soon(), () => false),
    ])
    await storage.results.get(shared)
    await storage.workflows.save({ id: 'wanted', name, text: `{"round":${round}}`, savedAt: round })
  }
  await storage.close()
  const { retries, mostRetries, givenUp, commits } = storage.stats
  return { retries, mostRetries, givenUp, commits }
}

const [home, name, rounds] = process.argv.slice(2)
if (home !== undefined && name !== undefined && process.send !== undefined) {
  process.once('message', () => {
    hammer(home, name, Number(rounds)).then(
      (hammered) => process.send?.(hammered, () => process.disconnect()),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.send('ready')
}
