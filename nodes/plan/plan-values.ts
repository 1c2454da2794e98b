import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'
import { type Plan, parameterLabels } from '../kinds/plan.ts'
import { fallbackFamily } from '../services/images/families.ts'

/** What a number is where the plan leaves it open. */
const usual = {
  steps: fallbackFamily.steps,
  cfg: fallbackFamily.cfg,
  width: fallbackFamily.width,
  height: fallbackFamily.height,
  denoise: 0.6,
  count: 1,
} as const

const examplePlan: Plan = {
  intent: 'txt2img',
  prompt: 'a red house',
  negative: null,
  model: null,
  sampler: 'Euler',
  scheduler: null,
  steps: 12,
  cfg: null,
  width: 512,
  height: 768,
  denoise: null,
  count: 2,
  reasons: {},
  alternatives: [],
  warnings: [],
  advice: 'Raise the count when you like the plan.',
  by: 'by hand',
}

export default defineNode({
  type: 'plan-values',
  version: 1,
  title: 'Plan values',
  category: 'plan',
  aliases: ['unpack plan', 'split plan', 'plan parts', 'plan fields', 'break out'],
  summary: 'The parts of a plan, each as an output of its own.',
  fields: {
    plan: field.plan({
      wire: 'only',
      help: 'The plan to take apart. To paint by a whole plan, wire it to the painting node instead.',
    }),
  },
  outputs: {
    intent: output.text({ help: 'txt2img, img2img or inpaint.' }),
    prompt: output.text({ help: 'The prompt.' }),
    negative: output.text({
      title: 'Negative prompt',
      help: 'The negative prompt; empty where there is none.',
    }),
    model: output.text({
      title: 'Checkpoint',
      help: 'The checkpoint; "auto" where the plan leaves it open.',
    }),
    sampler: output.text({ help: 'The sampler; "auto" where the plan leaves it open.' }),
    scheduler: output.text({
      title: 'Schedule type',
      help: 'The schedule type; "auto" where the plan leaves it open.',
    }),
    steps: output.integer({ help: 'Steps; 20 where the plan leaves them open.' }),
    cfg: output.number({ title: 'CFG scale', help: 'CFG scale; 7 where the plan leaves it open.' }),
    width: output.integer({ help: 'Width in pixels; 512 where the plan leaves it open.' }),
    height: output.integer({ help: 'Height in pixels; 512 where the plan leaves it open.' }),
    denoise: output.number({
      title: 'Denoising strength',
      help: 'Denoising strength; 0.6 where the plan leaves it open.',
    }),
    count: output.integer({
      title: 'Batch count',
      help: 'How many pictures; 1 where the plan leaves it open.',
    }),
    advice: output.text({ help: 'The paragraph of advice.' }),
    warnings: output.list(output.text({ help: 'What of the wish cannot be had.' })),
    reasons: output.json({ help: 'Why, by parameter.' }),
  },
  cache: 'always',
  run(ctx, { plan }) {
    const number = (name: keyof typeof usual): number => {
      const value = plan[name]
      if (value === null)
        ctx.note(`The plan leaves ${parameterLabels[name].toLowerCase()} open: ${usual[name]} is given out.`)
      return value ?? usual[name]
    }
    return {
      intent: plan.intent,
      prompt: plan.prompt,
      negative: plan.negative ?? '',
      model: plan.model ?? 'auto',
      sampler: plan.sampler ?? 'auto',
      scheduler: plan.scheduler ?? 'auto',
      steps: number('steps'),
      cfg: number('cfg'),
      width: number('width'),
      height: number('height'),
      denoise: number('denoise'),
      count: number('count'),
      advice: plan.advice,
      warnings: plan.warnings,
      reasons: plan.reasons,
    }
  },
  examples: [
    {
      title: 'What is there comes out; what is open is auto, or a usual number',
      values: { plan: examplePlan },
      outputs: { prompt: 'a red house', sampler: 'Euler', scheduler: 'auto', steps: 12, cfg: 7, count: 2 },
    },
  ],
})
