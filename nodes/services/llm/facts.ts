import { z } from 'zod'
import { Intent, Plan } from '../../kinds/plan.ts'
import { Vocabulary } from '../../kinds/vocabulary.ts'
import { Family } from '../images/families.ts'

const Size = z.object({ width: z.int().positive(), height: z.int().positive() })

/** A checkpoint, and what is taken with it where nothing else is wished for. */
export const Checkpoint = z.object({
  name: z.string(),
  title: z.string().optional(),
  family: Family,
  /** In pixels; with `fixed`, it paints at that size alone. */
  size: z.object({ min: z.int(), max: z.int(), multiple: z.int(), fixed: Size.optional() }),
  suggested: z.object({
    sampler: z.string().nullable(),
    scheduler: z.string().nullable(),
    steps: z.int().nullable(),
    cfg: z.number().nullable(),
    width: z.int(),
    height: z.int(),
  }),
  /** All the words it knows, where it knows only some. */
  vocabulary: Vocabulary.optional(),
})
export type Checkpoint = z.infer<typeof Checkpoint>

/** What a planner may know: the wish, and what there is to paint it with. Data, so that rules can read it, too. */
export const PlanFacts = z.object({
  request: z.string(),
  intent: Intent,
  backend: z.object({ id: z.string(), title: z.string() }),
  /** Checkpoints of the backend; the first one is taken unless the wish names another. */
  models: z.array(Checkpoint).min(1),
  samplers: z.array(z.string()),
  schedulers: z.array(z.string()),
  /** Whether it takes a negative prompt. */
  negative: z.boolean(),
  /** The picture that is worked on, and the prompt it says it was painted with. */
  picture: Size.extend({ prompt: z.string().optional() }).optional(),
  /** The plan that is to be revised. */
  previous: Plan.optional(),
  /** What people asked to be changed, oldest first; the last is new. */
  feedback: z.array(z.string()),
})
export type PlanFacts = z.infer<typeof PlanFacts>

/** What a planner answers: a plan without what only we know (who planned, and for which backend). */
export const PlanAnswer = Plan.omit({ by: true, backend: true })
export type PlanAnswer = z.infer<typeof PlanAnswer>
