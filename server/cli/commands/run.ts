import { resolve } from 'node:path'
import type { Problem } from '../../../runtime/problem.ts'
import type { Workflow } from '../../../runtime/workflow/schema.ts'
import { checkOut } from '../../app/check-out.ts'
import { freezeFiles } from '../../app/inputs/freeze-files.ts'
import type { FileKeeper } from '../../app/inputs/freeze-value.ts'
import { setInputs } from '../../app/inputs/set-inputs.ts'
import { invalidWorkflow, type Loaded, loadWorkflow } from '../../app/load-workflow.ts'
import type { App } from '../../app/open-app.ts'
import { withCheck } from '../../app/with-check.ts'
import { parseAssignment } from '../assignment.ts'
import { parseDuration } from '../duration.ts'
import { followRun } from '../follow-run.ts'
import { type Io, say } from '../io.ts'
import { problemLines } from '../render/problem-lines.ts'
import { styleFor } from '../render/style.ts'
import { reviewMode } from '../review/review-mode.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

/** `planograph run`: everything that can be found wrong is found before the run is made. */
export async function run(given: string, options: Options.Run, io: Io): Promise<number> {
  const mode = reviewMode(options.review, io)
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout)
  await checkOut(resolve(io.cwd, options.out))
  return await withApp(options, io, async (app) => {
    await app.runtime.fireDue()
    const { workflow, warnings } = await prepared(
      await loadWorkflow(given, io.cwd, app.catalog),
      options,
      app,
      io,
    )
    const { until, refresh, cache, planAnew } = options
    const started = {
      until: until.length > 0 ? until : undefined,
      refresh,
      noCache: !cache,
      planAnew,
      timeoutMs,
    }
    const handle = await app.runtime.start(workflow, started)
    say(io, `Run ${handle.id}`)
    return await followRun(handle, { app, io, mode, options, warnings })
  })
}

/** With inputs and values set, files frozen, and checked. */
async function prepared(
  { workflow: given, source, warnings }: Loaded,
  options: Options.Run,
  app: App,
  io: Io,
): Promise<{ workflow: Workflow; warnings: Problem[] }> {
  const { catalog, blobs, storage } = app
  const keep: FileKeeper['keep'] = (bytes, mime, size) => blobs.write(bytes, mime, size)
  const typed = {
    inputs: options.input.map((text) => parseAssignment('--input', text)),
    set: options.set.map((text) => parseAssignment('--set', text)),
  }
  for (const bytes of source.blobs.values()) await storage.blobs.put(bytes)
  const set = await setInputs(given, typed, catalog, { folder: io.cwd, keep })
  const has = (hash: string) => storage.blobs.has(hash)
  const frozen = await freezeFiles(set.workflow, catalog, { folder: source.folder, keep, has })
  const found = [...warnings, ...set.problems, ...frozen.problems]
  const problems = withCheck(found, frozen.workflow, catalog)
  if (problems.some(({ severity }) => severity === 'error')) throw invalidWorkflow(source.name, problems)
  if (!options.json && !options.ndjson) say(io, ...problemLines(problems, styleFor(io.stderr, io.env)))
  return { workflow: frozen.workflow, warnings: problems }
}
