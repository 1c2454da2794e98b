import { basename, extname, resolve } from 'node:path'
import { blobsIn } from '../../../runtime/values.ts'
import { print } from '../../../runtime/workflow/print.ts'
import { freezeFiles } from '../../app/inputs/freeze-files.ts'
import { invalidWorkflow, type Loaded, loadWorkflow } from '../../app/load-workflow.ts'
import { programCatalog } from '../../app/nodes.ts'
import { sha256 } from '../../app/sha256.ts'
import { type Bundle, writeBundle } from '../../app/source/bundle.ts'
import { writeFileWhole } from '../../app/write-file.ts'
import { exitCodes } from '../exit-code.ts'
import { answer, type Io } from '../io.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

/** `planograph export`: the canonical file, or a bundle with everything it names. */
export async function exportFile(given: string, options: Options.Export, io: Io): Promise<number> {
  const loaded = await loadWorkflow(given, io.cwd, programCatalog())
  if (!options.withFiles && options.output === undefined) {
    io.stdout.write(print(loaded.workflow))
    return exitCodes.done
  }
  const content = options.withFiles
    ? writeBundle(await bundleOf(loaded, options, io))
    : Buffer.from(print(loaded.workflow))
  const usual = `${basename(loaded.source.name, extname(loaded.source.name))}.planograph`
  answer(io, await writeFileWhole(resolve(io.cwd, options.output ?? usual), content, options.overwrite))
  return exitCodes.done
}

async function bundleOf({ workflow, source }: Loaded, options: Options.Export, io: Io): Promise<Bundle> {
  const blobs = new Map<string, Uint8Array>()
  const frozen = await withApp(options, io, async ({ catalog, storage }) => {
    const found = async (hash: string) =>
      blobs.get(hash) ?? source.blobs.get(hash) ?? (await storage.blobs.get(hash))
    const frozen = await freezeFiles(workflow, catalog, {
      folder: source.folder,
      async keep(bytes, mime, size) {
        const blob = sha256(bytes)
        blobs.set(blob, bytes)
        return { blob, mime, bytes: bytes.length, ...size }
      },
      has: async (hash) => (await found(hash)) !== undefined,
    })
    for (const { blob } of blobsIn(Object.values(frozen.workflow.nodes))) {
      const bytes = await found(blob)
      if (bytes) blobs.set(blob, bytes)
    }
    return frozen
  })
  if (frozen.problems.length > 0) throw invalidWorkflow(source.name, frozen.problems)
  return { workflow: print(frozen.workflow), blobs }
}
