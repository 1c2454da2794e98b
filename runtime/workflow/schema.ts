import { z } from 'zod'
import { Json } from '../values.ts'

/** Version of the file format this program writes. */
export const formatVersion = 1

export const Id = z
  .string()
  .regex(/^(?!__proto__$)[A-Za-z0-9_-]{1,64}$/, 'an id is 1 to 64 letters, digits, "_" or "-"')
/** `node.output`, `node.field` or, for named fields, `node.field.name`. */
const From = z.string().regex(/^[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{1,64}$/, 'write it as "node.output"')
const To = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){1,2}$/, 'write it as "node.field" or "node.field.name"')
const Point = z.tuple([z.number(), z.number()])

/** Whatever else a file holds is kept: unknown keys survive a round trip at every level. */
export const WorkflowNode = z.looseObject({
  type: z.string().min(1),
  version: z.int().positive().optional(),
  title: z.string().optional(),
  at: Point.optional(),
  size: Point.optional(),
  collapsed: z.boolean().optional(),
  mode: z.enum(['bypass', 'mute']).optional(),
  /** How several mapped lists go together: zipped (default) or in every combination. */
  lists: z.enum(['together', 'combine']).optional(),
  values: z.record(z.string(), Json).optional(),
})
export type WorkflowNode = z.infer<typeof WorkflowNode>

export const Edge = z.looseObject({ from: From, to: To, via: z.array(Point).optional() })
export type Edge = z.infer<typeof Edge>

export const WorkflowInput = z.looseObject({
  to: To,
  title: z.string().optional(),
  help: z.string().optional(),
  order: z.number().optional(),
})
export const WorkflowOutput = z.looseObject({
  from: From,
  title: z.string().optional(),
  help: z.string().optional(),
  order: z.number().optional(),
})

export const Workflow = z.looseObject({
  planograph: z.literal(formatVersion),
  id: z.string().min(1).max(64).optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  nodes: z.record(Id, WorkflowNode),
  edges: z.array(Edge).default([]),
  frames: z
    .record(
      Id,
      z.looseObject({
        title: z.string().optional(),
        at: Point,
        size: Point,
        colour: z.string().optional(),
        collapsed: z.boolean().optional(),
      }),
    )
    .optional(),
  notes: z.record(Id, z.looseObject({ at: Point, size: Point.optional(), text: z.string() })).optional(),
  inputs: z.record(Id, WorkflowInput).optional(),
  outputs: z.record(Id, WorkflowOutput).optional(),
})
export type Workflow = z.infer<typeof Workflow>
