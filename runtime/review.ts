import { z } from 'zod'
import { Json } from './values.ts'

export const DecisionKind = z.enum(['approve', 'edit', 'pick', 'revise', 'reject'])
export type DecisionKind = z.infer<typeof DecisionKind>

const common = {
  /** Who decided: a person, `critic:<node>` or `timeout`. */
  by: z.string().default('owner'),
  comment: z.string().optional(),
}

/** The answer to a review. */
export const Decision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approve'), ...common }),
  z.object({ kind: z.literal('edit'), value: Json, ...common }),
  z.object({ kind: z.literal('pick'), items: z.array(z.int().nonnegative()).min(1), ...common }),
  z.object({
    kind: z.literal('revise'),
    /** The node to do anew; absent: the nearest upstream that listens to feedback, or can redraw if there is none. */
    node: z.string().optional(),
    /** Positions in the reviewed list to do anew; the others keep their outputs. */
    items: z.array(z.int().nonnegative()).min(1).optional(),
    feedback: z.string().default(''),
    /** Marks on the picture: pins and loops, as the editor drew them. */
    drawing: Json.optional(),
    ...common,
  }),
  z.object({ kind: z.literal('reject'), ...common }),
])
export type Decision = z.infer<typeof Decision>
export type DecisionInput = z.input<typeof Decision>

/** What a node asks with `ctx.ask`. */
export interface Question {
  /** Told apart from other questions of the same step; stable across attempts. */
  id: string
  question: string
  value: Json
  /** The kind of `value` (or of its items when `list`): edits are validated by its schema. */
  kind: string
  list: boolean
  allow: DecisionKind[]
  assignee?: string
  /** Milliseconds from opening until `onDue` is applied. */
  dueInMs?: number
  onDue?: 'wait' | 'approve' | 'reject'
  /** Remarks to show beside the value: what the plan says and a set value will hide, unknown words. */
  notes?: string[]
}

/** An open question of a run. Holds nothing: no process, no socket, no slot. */
export interface Review extends Omit<Question, 'dueInMs'> {
  /** `node[index]#round/question`, unique within the run. */
  id: string
  node: string
  index: string
  round: number
  openedAt: number
  dueAt?: number
}

/** One entry per round: what was asked of a step that is done anew. */
export interface Feedback {
  text: string
  drawing?: Json
  by: string
}
