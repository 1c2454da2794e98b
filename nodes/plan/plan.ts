import { PlanographError } from '../../runtime/errors.ts'
import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'
import { intents, Plan, ranges } from '../kinds/plan.ts'

const open = 'Empty leaves it to the node that paints.'
const side = { ...ranges.size, unit: 'px', optional: true } as const

export default defineNode({
  type: 'plan',
  version: 1,
  title: 'Plan',
  category: 'plan',
  aliases: ['settings', 'parameters', 'preset', 'manual plan', 'recipe'],
  summary: 'A plan made by hand: what an LLM would plan, typed in or wired.',
  fields: {
    intent: field.choice({
      choices: intents,
      labels: { txt2img: 'Text to image', img2img: 'Image to image', inpaint: 'Inpaint' },
      default: 'txt2img',
      help: 'What the plan is for. It fits only the node that does this.',
    }),
    prompt: field.text({
      default: '',
      multiline: true,
      help: 'What is to be seen: subject first, then place, light and style.',
    }),
    negative: field.text({
      optional: true,
      multiline: true,
      title: 'Negative prompt',
      help: `What is not to be seen. ${open}`,
    }),
    model: field.model({
      optional: true,
      title: 'Checkpoint',
      help: `The checkpoint, by the name its backend lists. ${open}`,
    }),
    sampler: field.sampler({ optional: true, help: `The sampler, by A1111's name. ${open}` }),
    scheduler: field.scheduler({
      optional: true,
      title: 'Schedule type',
      help: `How the steps are spread. ${open}`,
    }),
    steps: field.integer({ ...ranges.steps, optional: true, help: `Sampling steps. ${open}` }),
    cfg: field.number({
      ...ranges.cfg,
      optional: true,
      title: 'CFG scale',
      help: `How hard the prompt pulls. ${open}`,
    }),
    width: field.integer({ ...side, help: `Width in pixels, a multiple of 8. ${open}` }),
    height: field.integer({ ...side, help: `Height in pixels, a multiple of 8. ${open}` }),
    denoise: field.number({
      ...ranges.denoise,
      optional: true,
      title: 'Denoising strength',
      help: `How much of a picture may change. ${open}`,
      noEffect: [{ when: { intent: ['txt2img'] }, reason: 'There is no picture to change.' }],
    }),
    count: field.integer({
      ...ranges.count,
      optional: true,
      title: 'Batch count',
      help: `How many pictures. ${open}`,
    }),
  },
  outputs: { plan: output.plan({ help: 'The plan, for a review or a node that paints.' }) },
  cache: 'always',
  run: (_ctx, values) => ({ plan: planOf(values) }),
  examples: [
    {
      title: 'Prompt, steps and size',
      values: { prompt: 'a red house on a hill', steps: 30, width: 512, height: 768 },
      check({ plan }) {
        if (plan.steps !== 30 || plan.cfg !== null || plan.by !== 'by hand')
          throw new Error(JSON.stringify(plan))
      },
    },
    {
      title: 'A side that no model takes',
      values: { prompt: 'a cat', width: 513, height: 512 },
      fails: 'width',
    },
  ],
})

function planOf(values: object): Plan {
  const parsed = Plan.safeParse(values)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new PlanographError(
    'invalid',
    `The plan's ${issue?.path.join('.')} does not fit: ${issue?.message}.`,
    {
      code: 'plan',
      hint: 'Change this field, or empty it to leave it open.',
    },
  )
}
