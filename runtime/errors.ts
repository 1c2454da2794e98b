import { z } from 'zod'
import { Json } from './values.ts'

/** Every way a step can fail. Closed: what went wrong exactly goes into the open `code`. */
export const FailureClass = z.enum([
  'invalid',
  'unreachable',
  'auth',
  'rate-limit',
  'timeout',
  'out-of-memory',
  'unsupported',
  'refused',
  'poison',
  'blocked',
  'cancelled',
  'bug',
])
export type FailureClass = z.infer<typeof FailureClass>

/** A failure as data: journaled, sent to clients, shown to people. `retry` says whether trying again can help. */
export const Failure = z.object({
  class: FailureClass,
  code: z.string().optional(),
  message: z.string(),
  hint: z.string().optional(),
  retry: z.boolean(),
  /** Wait at least this long (milliseconds) before trying again, as the other side asked. */
  retryAfterMs: z.number().optional(),
  details: Json.optional(),
})
export type Failure = z.infer<typeof Failure>

const retryHelps: ReadonlySet<FailureClass> = new Set(['unreachable', 'rate-limit', 'timeout'])

interface FailureOptions {
  code?: string
  hint?: string
  retry?: boolean
  retryAfterMs?: number
  details?: Json
  cause?: unknown
}

/** The only error class thrown on purpose. `message` says what is wrong, `hint` what to do next. */
export class PlanographError extends Error {
  readonly class: FailureClass
  readonly code?: string
  readonly hint?: string
  readonly retry: boolean
  readonly retryAfterMs?: number
  readonly details?: Json

  constructor(kind: FailureClass, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'PlanographError'
    this.class = kind
    this.code = options.code
    this.hint = options.hint
    this.retry = options.retry ?? retryHelps.has(kind)
    this.retryAfterMs = options.retryAfterMs
    this.details = options.details
  }
}

/** Any thrown thing as a `Failure`; what nobody foresaw is a `bug`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof PlanographError) {
    const { code, message, hint, retry, retryAfterMs, details } = error
    return { class: error.class, code, message, hint, retry, retryAfterMs, details }
  }
  const message = error instanceof Error ? error.message : String(error)
  const stack = error instanceof Error ? error.stack : undefined
  return {
    class: 'bug',
    message: `An unexpected error: ${message}`,
    hint: 'This is a defect of the node or of Planograph. Please report it with the details.',
    retry: false,
    details: stack ? { stack } : undefined,
  }
}

export function fromFailure(failure: Failure): PlanographError {
  return new PlanographError(failure.class, failure.message, failure)
}
