import type { Blobs } from '../../runtime/define-node.ts'
import { PlanographError } from '../../runtime/errors.ts'
import { defineNode } from '../define.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { field, output } from '../kinds/fields.ts'
import type { Image } from '../kinds/image.ts'
import type { Mask } from '../kinds/mask.ts'
import { type Intent, Plan } from '../kinds/plan.ts'
import { known } from '../services/images/wanted.ts'
import { makePlan } from '../services/llm/make-plan.ts'
import type { Seen } from '../services/llm/plan-messages.ts'
import { encodeMask, readMask } from '../services/masks.ts'
import { infotextIn } from '../services/picture-texts.ts'
import { inspect } from '../services/pictures.ts'

export default defineNode({
  type: 'llm-plan',
  version: 1,
  title: 'LLM plan',
  category: 'plan',
  aliases: [
    'planner',
    'gpt',
    'chatgpt',
    'assistant',
    'ai plan',
    'prompt enhancer',
    'magic prompt',
    'director',
  ],
  summary: 'Turns a wish into a full plan, with the reason for every parameter.',
  fields: {
    request: field.text({
      multiline: true,
      placeholder: 'a cosy cabin in the snow at dusk, watercolour, no people',
      help: 'What you want, in your own words: subject, style, mood, light, format, what must not be there.',
    }),
    image: field.image({
      wire: 'only',
      optional: true,
      help: 'A picture to change. The plan is then for "Image to image".',
    }),
    mask: field.mask({
      wire: 'only',
      optional: true,
      help: 'Which part of the picture to change (white). The plan is then for "Inpaint".',
    }),
    backend: field.text({
      default: 'auto',
      widget: 'backend',
      fold: 'more',
      help: 'The server to plan for, by its id: a plan uses only what it has. Auto takes the one that would paint.',
    }),
  },
  outputs: { plan: output.plan({ help: 'The plan, for a review or a node that paints.' }) },
  cache: 'run',
  revisable: 'feedback',
  uses: () => ({ pool: 'llm' }),
  auto: {
    from: ['image', 'mask'],
    async resolve({ image, mask, backend }, { images }) {
      const { offer } = await images.resolve({ kind: intentOf(image, mask), backend: known(backend) })
      return { values: { backend: offer.backend } }
    },
  },
  limits: { stallMs: 120_000 },
  async run(ctx, { request, image, mask, backend }) {
    const { services, signal, blobs, round } = ctx
    const previous = round.feedback.length > 0 ? Plan.safeParse(round.previous?.plan).data : undefined
    const provider = previous ? services.llm.iterator : services.llm.planner
    const intent = intentOf(image, mask)
    refuseEmpty(request, intent)
    const { seen, picture } = await look(blobs, image, mask)
    const feedback = round.feedback.map(({ text }) => text)
    const asked = { request, intent, backend: known(backend), picture, previous, feedback }
    const plan = await makePlan({ images: services.images, provider, signal, onText: ctx.text }, asked, seen)
    for (const warning of plan.warnings) ctx.note(warning)
    return { plan }
  },
  examples: [
    {
      title: 'A wish becomes a plan',
      values: { request: 'a red boat on the sea at sunset, watercolour, four variations' },
      check({ plan }) {
        if (plan.intent !== 'txt2img' || plan.count !== 4) throw new Error(JSON.stringify(plan))
        if (!plan.prompt.includes('red boat') || !plan.reasons.count) throw new Error(JSON.stringify(plan))
      },
    },
    {
      title: 'With a picture it plans a change',
      values: { request: 'make it night, slightly', image: examplePictures.house },
      check({ plan }) {
        if (plan.intent !== 'img2img' || plan.denoise !== 0.4) throw new Error(JSON.stringify(plan))
        if (!plan.prompt.includes('house') || !plan.prompt.includes('night')) throw new Error(plan.prompt)
      },
    },
    {
      title: 'Without a wish there is nothing to plan',
      values: { request: '' },
      fails: 'There is no request',
    },
  ],
})

function intentOf(image: Image | undefined, mask: Mask | undefined): Intent {
  if (image) return mask ? 'inpaint' : 'img2img'
  if (!mask) return 'txt2img'
  throw new PlanographError('invalid', 'There is a mask, but no picture that it belongs to.', {
    code: 'intent',
    hint: 'Wire the picture into "image" too, or take the mask away.',
  })
}

/** A hole may be filled without words; anything else needs some. */
function refuseEmpty(request: string, intent: Intent) {
  if (request.trim() !== '' || intent === 'inpaint') return
  throw new PlanographError('invalid', 'There is no request.', {
    code: 'request',
    hint: 'Say what you want to see, or wire a prompt into "request".',
  })
}

/** The picture and mask as a planner sees them. */
async function look(blobs: Blobs, image: Image | undefined, mask: Mask | undefined) {
  if (!image) return { seen: {} }
  const bytes = await blobs.read(image)
  const { width, height, mime } = await inspect(bytes)
  const drawn = mask && (await encodeMask(await readMask({ blobs }, mask)))
  const seen: Seen = { image: { bytes, mime }, mask: drawn && { bytes: drawn, mime: 'image/png' } }
  return { seen, picture: { width, height, prompt: infotextIn(bytes)?.prompt } }
}
