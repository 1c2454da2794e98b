import { z } from 'zod'

/** What a plan sets, in the order people read it. Also the names of the fields that a plan fills. */
export const planParameters = [
  'prompt',
  'negative',
  'model',
  'sampler',
  'scheduler',
  'steps',
  'cfg',
  'width',
  'height',
  'denoise',
  'count',
] as const
export type PlanParameter = (typeof planParameters)[number]

/** A1111's labels: what people see. */
export const parameterLabels: Readonly<Record<PlanParameter | 'seed' | 'clipSkip', string>> = {
  prompt: 'Prompt',
  negative: 'Negative prompt',
  model: 'Checkpoint',
  sampler: 'Sampler',
  scheduler: 'Schedule type',
  steps: 'Steps',
  cfg: 'CFG scale',
  width: 'Width',
  height: 'Height',
  denoise: 'Denoising strength',
  count: 'Batch count',
  seed: 'Seed',
  clipSkip: 'Clip skip',
}

/** Ranges as people know them. A backend may take less and says so itself. Sizes in pixels. */
export const ranges = {
  steps: { min: 1, max: 150, step: 1 },
  cfg: { min: 0, max: 30, step: 0.5 },
  size: { min: 64, max: 4096, step: 8 },
  denoise: { min: 0, max: 1, step: 0.01 },
  count: { min: 1, max: 64, step: 1 },
} as const

export const intents = ['txt2img', 'img2img', 'inpaint'] as const
export const Intent = z.enum(intents)
export type Intent = z.infer<typeof Intent>

const optional = <T extends z.ZodType>(schema: T) => schema.nullable().default(null)
const between = <T extends z.ZodNumber>(schema: T, { min, max }: { min: number; max: number }) =>
  schema.min(min).max(max)
const Side = between(z.int(), ranges.size).multipleOf(8)
const ParameterValue = z.union([z.string(), z.number(), z.null()])

/** One other way to go, with why one might. `changes` names what else would have to change with it. */
export const Alternative = z.object({
  parameter: z.enum(planParameters),
  value: ParameterValue,
  reason: z.string(),
  changes: z.partialRecord(z.enum(planParameters), ParameterValue).optional(),
})
export type Alternative = z.infer<typeof Alternative>

/**
 * How a picture is to be made, with the reason of each choice. Flat, so that a plan's value for a field is
 * `plan[field]`. A parameter that is null is not taken by the backend, or is left to the node that renders.
 */
export const Plan = z.object({
  intent: Intent.default('txt2img'),
  prompt: z.string(),
  negative: optional(z.string()),
  model: optional(z.string().min(1)),
  sampler: optional(z.string().min(1)),
  scheduler: optional(z.string().min(1)),
  steps: optional(between(z.int(), ranges.steps)),
  cfg: optional(between(z.number(), ranges.cfg)),
  width: optional(Side),
  height: optional(Side),
  denoise: optional(between(z.number(), ranges.denoise)),
  count: optional(between(z.int(), ranges.count)),
  /** Why, by parameter; `intent` may have one too. */
  reasons: z.record(z.string(), z.string()).default({}),
  alternatives: z.array(Alternative).default([]),
  warnings: z.array(z.string()).default([]),
  /** A paragraph that a beginner learns from. */
  advice: z.string().default(''),
  /** Who planned, for people: "gpt-5 at api.openai.com", "rules, no LLM connected", "by hand". */
  by: z.string().default('by hand'),
  /** The backend it was planned for. */
  backend: z.string().optional(),
})
export type Plan = z.infer<typeof Plan>
