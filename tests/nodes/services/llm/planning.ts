import { readFileSync } from 'node:fs'
import type { Plan } from '../../../../nodes/kinds/plan.ts'
import { Vocabulary } from '../../../../nodes/kinds/vocabulary.ts'
import { createImages, type Images } from '../../../../nodes/services/images/images.ts'
import type { Asked } from '../../../../nodes/services/llm/gather-facts.ts'
import { makePlan } from '../../../../nodes/services/llm/make-plan.ts'
import { createOffline } from '../../../../nodes/services/llm/offline/offline.ts'
import { fakeBackend } from '../images/fake-backend.ts'

const file = new URL('../../../../models/planograph-demo/vocabulary.json', import.meta.url)
const vocabulary = Vocabulary.parse(JSON.parse(readFileSync(file, 'utf8')))

/** Servers to plan for. */
export const servers = {
  demo: createImages({
    backends: [
      fakeBackend({
        id: 'embedded',
        models: [{ name: 'planograph-demo', title: 'Demo model (256 px)', family: 'demo', vocabulary }],
        samplers: ['DPM++ 2M', 'Euler a', 'Euler', 'DDIM', 'LCM'],
        schedulers: ['Automatic', 'Normal', 'Karras'],
      }),
    ],
  }),
  sd: createImages({
    backends: [
      fakeBackend({ models: [{ name: 'v1-5-pruned.safetensors' }, { name: 'sd_xl_base_1.0.safetensors' }] }),
    ],
  }),
  xl: createImages({ backends: [fakeBackend({ models: [{ name: 'sd_xl_base_1.0.safetensors' }] })] }),
  flux: createImages({ backends: [fakeBackend({ models: [{ name: 'flux1-dev.safetensors' }] })] }),
  lightning: createImages({
    backends: [fakeBackend({ models: [{ name: 'castleXL_lightning.safetensors' }] })],
  }),
  plain: createImages({
    backends: [fakeBackend({ samplers: [], schedulers: [], capabilities: { negative: false } })],
  }),
} satisfies Record<string, Images>

const signal = new AbortController().signal

/** A plan by rules. */
export function planned(images: Images, request: string, more: Partial<Asked> = {}): Promise<Plan> {
  return makePlan({ images, provider: createOffline(), signal }, { request, intent: 'txt2img', ...more })
}

/** A plan made by rules, then sent back with feedback. */
export async function revised(images: Images, request: string, feedback: string, more: Partial<Asked> = {}) {
  const before = await planned(images, request, more)
  const after = await planned(images, request, { ...more, previous: before, feedback: [feedback] })
  return { before, after }
}
