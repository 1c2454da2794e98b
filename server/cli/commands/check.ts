import { PlanographError } from '../../../runtime/errors.ts'
import type { Problem } from '../../../runtime/problem.ts'
import { homeFolder } from '../../app/home.ts'
import { freezeFiles } from '../../app/inputs/freeze-files.ts'
import { type Loaded, loadWorkflow, problemsOf } from '../../app/load-workflow.ts'
import { programCatalog } from '../../app/nodes.ts'
import { sha256 } from '../../app/sha256.ts'
import { withCheck } from '../../app/with-check.ts'
import { exitCodes } from '../exit-code.ts'
import { answer, type Io } from '../io.ts'
import { problemLines } from '../render/problem-lines.ts'
import { styleFor } from '../render/style.ts'
import type * as Options from './options.ts'

/** `planograph check`: every problem at once, files included. Writes nothing. */
export async function checkFile(given: string, options: Options.Check, io: Io): Promise<number> {
  const { name, problems } = await allProblems(given, options, io)
  const ok = !problems.some(({ severity }) => severity === 'error')
  if (options.json) answer(io, JSON.stringify({ ok, problems }, null, 2))
  else {
    const style = styleFor(io.stdout, io.env)
    answer(
      io,
      ...problemLines(problems, style),
      ok ? style.green(`${name} can run.`) : `${name} cannot run as it is.`,
    )
  }
  return ok ? exitCodes.done : exitCodes.usage
}

async function allProblems(
  given: string,
  options: Options.Check,
  io: Io,
): Promise<{ name: string; problems: Problem[] }> {
  const catalog = programCatalog()
  try {
    const loaded = await loadWorkflow(given, io.cwd, catalog)
    const { source, warnings } = loaded
    const frozen = await freezeFiles(loaded.workflow, catalog, {
      folder: source.folder,
      keep: async (bytes, mime, size) => ({ blob: sha256(bytes), mime, bytes: bytes.length, ...size }),
      has: isThere(loaded, options, io),
    })
    return {
      name: source.name,
      problems: withCheck([...warnings, ...frozen.problems], frozen.workflow, catalog),
    }
  } catch (error) {
    const problems = error instanceof PlanographError ? problemsOf(error) : []
    if (problems.length === 0) throw error
    return { name: given, problems }
  }
}

/** Blobs are in the bundle or in the home; what was a path in the file has just been read. */
function isThere(
  { source, workflow }: Loaded,
  options: Options.Check,
  io: Io,
): (hash: string) => Promise<boolean> {
  const typed = JSON.stringify(workflow.nodes)
  return async (hash) => {
    if (source.blobs.has(hash) || !typed.includes(hash)) return true
    const { keptBlobs } = await import('../../app/kept-blobs.ts')
    return await keptBlobs(homeFolder(options.home, io.env, io.cwd))(hash)
  }
}
