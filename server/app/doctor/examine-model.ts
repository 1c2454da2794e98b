import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createEngine } from '../../../nodes/services/images/embedded/engine.ts'
import { partNames, readModelFolder } from '../../../nodes/services/images/embedded/model-folder.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import { packageRoot } from '../package.ts'
import { type Finding, findingFrom } from './finding.ts'

/** A model folder: nothing is missing or changed, and ONNX Runtime loads every part. */
export async function examineModel(folder: string): Promise<Finding> {
  return await findingFrom(`Model ${basename(folder)}`, async () => {
    const { title } = await readModelFolder(folder)
    await refuseChanged(folder)
    await loadParts(folder)
    return `${title}: whole, and it loads.`
  })
}

/** Compares the demo model with the list that the build made of it; the sources before a build have none. */
async function refuseChanged(folder: string): Promise<void> {
  const list = await readFile(join(packageRoot(), 'dist', 'demo-model.json'), 'utf8').catch(() => undefined)
  if (list === undefined || basename(folder) !== 'planograph-demo') return
  for (const [file, expected] of Object.entries<unknown>(JSON.parse(list))) {
    if ((await hashOf(join(folder, file))) === expected) continue
    throw new PlanographError('invalid', `${file} is not the file that was installed.`, {
      code: 'model-changed',
      hint: 'Install Planograph again, or restore the file.',
    })
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

async function loadParts(folder: string): Promise<void> {
  const engine = createEngine({ threads: 1 })
  try {
    for (const part of partNames) await engine.load(part, join(folder, part, 'model.onnx'))
  } finally {
    await engine.stop()
  }
}
