import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createEmbedded } from '../../nodes/services/images/embedded/embedded.ts'
import { createImages } from '../../nodes/services/images/images.ts'
import { createOffline } from '../../nodes/services/llm/offline/offline.ts'
import type { Services } from '../../nodes/services/services.ts'

const demoModel = fileURLToPath(new URL('../../models/planograph-demo', import.meta.url))

/** Whether the demo model has been trained: examples that paint need it. */
export const hasDemoModel = existsSync(`${demoModel}/unet/model.onnx`)

/** What nodes get on a fresh machine: the embedded engine, the rule-based planner, one folder to write to. */
export function makeServices(out: string): Services {
  const offline = createOffline()
  return {
    images: createImages({ backends: hasDemoModel ? [createEmbedded({ models: [demoModel] })] : [] }),
    llm: { planner: offline, iterator: offline },
    files: { out, allowPrivateUrls: false },
  }
}
