import { field } from '../../kinds/fields.ts'
import { ranges } from '../../kinds/plan.ts'

/** Fields that all painting nodes share, in A1111's words. */

export const promptFields = {
  prompt: field.text({
    default: '',
    multiline: true,
    placeholder: 'a red house on a hill at dusk, watercolour style',
    help: 'What you want to see: subject first, then place, light and style. A wired plan brings its own.',
  }),
  negative: field.text({
    default: '',
    title: 'Negative prompt',
    multiline: true,
    help: 'What you do not want to see. It works through the CFG scale.',
    noEffect: [{ when: { cfg: [1] }, reason: 'At CFG scale 1 a negative prompt has no effect.' }],
  }),
}

export const modelFields = {
  model: field.model({
    title: 'Checkpoint',
    default: 'auto',
    counts: false,
    help: 'The checkpoint that paints, by the name its backend lists. Auto takes the first one; the demo model only if there is nothing else.',
  }),
  backend: field.text({
    default: 'auto',
    counts: false,
    widget: 'backend',
    fold: 'more',
    help: 'The Stable Diffusion server to paint on, by its id. Auto takes the first that has the checkpoint.',
  }),
}

export const samplingFields = {
  sampler: field.sampler({
    default: 'auto',
    fold: 'more',
    help: "How noise is taken away, step by step; A1111's names. Auto takes what suits the checkpoint.",
  }),
  scheduler: field.scheduler({
    title: 'Schedule type',
    default: 'auto',
    fold: 'more',
    help: 'How the steps are spread from coarse to fine. Auto takes what suits the sampler and the checkpoint.',
  }),
  steps: field.integer({
    ...ranges.steps,
    default: 'auto',
    widget: 'slider',
    fold: 'more',
    help: 'Sampling steps. More are slower and, past the usual number, change little. Auto: 20 for most models, 4 to 8 for fast ones.',
  }),
  cfg: field.number({
    ...ranges.cfg,
    title: 'CFG scale',
    default: 'auto',
    widget: 'slider',
    fold: 'more',
    help: 'How hard the prompt pulls. Low is free and soft, high is literal and harsh. Auto: 7 for most models, 1 to 2 for fast ones.',
  }),
}

const side = { ...ranges.size, unit: 'px', default: 'auto', fold: 'more' } as const

export const sizeFields = {
  width: field.integer({
    ...side,
    help: 'Width of the picture in pixels. Auto takes what the checkpoint was trained on.',
  }),
  height: field.integer({
    ...side,
    help: 'Height of the picture in pixels. Auto takes what the checkpoint was trained on.',
  }),
}

const follows = 'Auto follows your picture, as far as the checkpoint can.'
export const editSizeFields = {
  width: field.integer({ ...side, help: `Width to paint at, in pixels. ${follows}` }),
  height: field.integer({ ...side, help: `Height to paint at, in pixels. ${follows}` }),
}

export const countFields = {
  count: field.integer({
    ...ranges.count,
    title: 'Batch count',
    default: 1,
    help: 'How many pictures. Each has the next seed: picture i has seed + i.',
  }),
  seed: field.seed({
    stride: 'count',
    help: 'Where the noise starts from. The same seed and settings give the same picture; −1 or empty draws one for each run.',
  }),
  clipSkip: field.integer({
    title: 'Clip skip',
    default: 1,
    min: 1,
    max: 12,
    fold: 'more',
    help: 'Leaves out the last layers of the text encoder; 2 suits many anime models. 1 skips none.',
  }),
}

/** What a plan may fill in every painting node. */
export const filledByPlan = [
  'prompt',
  'negative',
  'model',
  'backend',
  'sampler',
  'scheduler',
  'steps',
  'cfg',
  'width',
  'height',
  'count',
] as const

const planHelp =
  'A plan, from LLM plan or from a review of it. It fills every field below that you leave untouched.'
export const planField = field.plan({ wire: 'only', optional: true, fills: filledByPlan, help: planHelp })
export const editPlanField = field.plan({
  wire: 'only',
  optional: true,
  fills: [...filledByPlan, 'denoise'],
  help: planHelp,
})
