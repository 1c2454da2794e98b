import type { Field, Output } from './field.ts'
import type { Item } from './items.ts'
import type { Decision, Feedback, Question } from './review.ts'
import type { BlobRef, Json } from './values.ts'

export type Fields = { [name: string]: Field }
export type Outputs = { [name: string]: Output }

/** What `run` reads, inferred from the fields. */
export type Values<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<infer T> ? T : never
}

/** What `run` returns, inferred from the outputs. A list output takes items that are labelled or failed. */
export type Results<O extends Outputs> = {
  [K in keyof O]: O[K] extends Output<infer T>
    ? O[K] extends Output<(infer I)[]>
      ? readonly Item<I>[]
      : T
    : never
}

export interface Progress {
  /** In the unit of `total`. */
  value: number
  total?: number
  /** What is being done, for people: "step 7 of 20". */
  note?: string
}

/** The blobs of the home, as a node sees them. */
export interface Blobs {
  /** Bytes by reference, verified. Throws `invalid` (code `blob-gone`) when they are not there any more. */
  read(ref: BlobRef): Promise<Uint8Array>
  /** Keeps bytes; durable when the promise resolves. */
  write(bytes: Uint8Array, mime: string, size?: { width: number; height: number }): Promise<BlobRef>
}

export interface Context<Services = unknown> {
  /** Aborted on cancel, on a limit, and when a revision makes this attempt pointless. */
  signal: AbortSignal
  services: Services
  blobs: Blobs
  step: {
    run: string
    node: string
    /** Map index path such as `2.3`; '' when the node is not mapped. */
    index: string
    attempt: number
    /** The same for every attempt of the step's round: idempotency key for servers. */
    key: string
    /** Labels of the mapped items this step works on. */
    labels: string[]
  }
  /** The run this step belongs to: the frozen workflow as JSON text, for pictures that carry it. */
  run: { workflow: string; name: string; createdAt: number }
  /** What each type variable of the node is bound to by its wires. */
  bound: { [variable: string]: { kind: string; list: boolean } }
  round: {
    /** 1 for the first. */
    number: number
    /** Outputs of the round before, by name (list outputs as arrays). */
    previous?: { [output: string]: Json }
    feedback: Feedback[]
    /** Items of the list output to make anew; absent: all. The engine keeps the others. */
    items?: number[]
  }
  progress(progress: Progress): void
  /** Encoded picture of the work so far. Best effort, never kept. */
  preview(image: { bytes: Uint8Array; mime: string; index?: number }): void
  /** A piece of streamed text. Best effort, never kept. */
  text(delta: string): void
  /** A remark that is kept with the step and shown to people. */
  note(message: string): void
  /**
   * Asks a person (or critic). Ends the attempt and opens a review; after the decision a new attempt runs and this
   * call returns it, so what comes before must be repeatable. Only nodes with `asks: true` may call it.
   */
  ask(question: Question): Promise<Extract<Decision, { kind: 'approve' | 'edit' | 'pick' }>>
  now(): number
}

/** Where a step runs: a pool's slot, and what its pool routes by. */
export interface Uses {
  /** `images`, `llm`, `files`, … Limits per pool are given to the runtime. */
  pool: string
  backend?: string
  model?: string
}

/** Choices made for fields that say `auto`. */
export interface Resolved {
  /** Values for the fields that said auto; null where the backend does not take the field. */
  values: { [field: string]: Json }
  /** Content of what the values name, such as a model's hash. Enters the cache key. */
  identity?: Json
}

export interface Example<V, R> {
  title: string
  values: Partial<V>
  /** Exactly these outputs; or a check for outputs that are pictures or texts of some length. */
  outputs?: Partial<R>
  check?(outputs: R, tools: { read(ref: BlobRef): Promise<Uint8Array> }): void | Promise<void>
  /** A failing example: the message must contain this. */
  fails?: string
}

export interface Migrated {
  values: { [field: string]: Json }
  renamedFields?: { [old: string]: string }
  renamedOutputs?: { [old: string]: string }
}

export interface NodeDefinition<F extends Fields = Fields, O extends Outputs = Outputs, Services = never> {
  /** Equals the file's name. */
  type: string
  version: number
  title: string
  category: string
  aliases?: readonly string[]
  /** One sentence: what it does for whoever places it. */
  summary: string
  fields: F
  outputs: O
  /** `always`: result kept for ever by content. `run`: only within a run. `never`: always runs. */
  cache: 'always' | 'run' | 'never'
  /** Listens to feedback in words, or can only draw again. */
  revisable?: 'feedback' | 'redraw'
  /** Its work is the point, nobody need read its outputs. */
  sink?: boolean
  /** May open reviews. */
  asks?: boolean
  uses?(values: Values<F>): Uses
  auto?: {
    /** Fields that the choice depends on besides the auto fields themselves. All known early: resolved when the run is created. */
    from: readonly (keyof F & string)[]
    resolve(values: Partial<Values<F>>, services: Services): Promise<Resolved>
  }
  /** Which lazy fields are needed, given what is known. Called again until it names nothing new. */
  demand?(values: Partial<Values<F>>): readonly (keyof F & string)[]
  /** In bypass, each output passes this field; absent: the first field of a fitting kind. */
  passes?: { readonly [output: string]: keyof F & string }
  /** What it can be made from when pasted, dropped or imported: `image/*`, `infotext`, `text/plain`. */
  from?: readonly string[]
  /** Values for a node made from such a thing. */
  make?(source: { mime: string; text?: string; blob?: BlobRef }): { [field: string]: Json }
  /** Milliseconds: without progress, and in all. */
  limits?: { stallMs?: number; totalMs?: number }
  /** Attempts in all for failures where a retry can help (default 3; 1 for nodes with effects outside). */
  attempts?: number
  /** From version n to n+1, by n. Pure. */
  migrations?: { readonly [fromVersion: number]: (values: { [field: string]: Json }) => Migrated }
  run(ctx: Context<Services>, values: Values<F>): Promise<Results<O>> | Results<O>
  examples: readonly Example<Values<F>, { [K in keyof O]: O[K] extends Output<infer T> ? T : never }>[]
}

/** A definition of whatever fields and outputs, as the engine holds it. */
export interface AnyNode {
  type: string
  version: number
  title: string
  category: string
  aliases?: readonly string[]
  summary: string
  fields: Fields
  outputs: Outputs
  cache: 'always' | 'run' | 'never'
  revisable?: 'feedback' | 'redraw'
  sink?: boolean
  asks?: boolean
  uses?(values: object): Uses
  auto?: { from: readonly string[]; resolve(values: object, services: unknown): Promise<Resolved> }
  demand?(values: object): readonly string[]
  passes?: { readonly [output: string]: string }
  from?: readonly string[]
  make?(source: { mime: string; text?: string; blob?: BlobRef }): { [field: string]: Json }
  limits?: { stallMs?: number; totalMs?: number }
  attempts?: number
  migrations?: { readonly [fromVersion: number]: (values: { [field: string]: Json }) => Migrated }
  run(ctx: Context<unknown>, values: object): Promise<object> | object
  examples: readonly Example<object, object>[]
}

/** Makes `defineNode` for a program's services. `run` is checked against the fields and outputs it declares. */
export function nodeDefiner<Services>() {
  return <const F extends Fields, const O extends Outputs>(
    definition: NodeDefinition<F, O, Services>,
  ): NodeDefinition<F, O, Services> => definition
}

/** For nodes that need no services. */
export const defineNode = nodeDefiner<unknown>()
