import type { z } from 'zod'
import { PlanographError } from '../../../../runtime/errors.ts'
import { PlanFacts } from '../facts.ts'
import type { CompleteRequest, Completion, LlmProvider } from '../provider.ts'
import { planByRules } from './plan-by-rules.ts'
import { reviseByRules } from './revise-by-rules.ts'

/** Shown wherever one of its answers is. */
export const byRules = 'rules, no LLM connected'

/**
 * Stands in where no LLM is connected: fixed rules over the wish and what the backend has. The same facts give the
 * same answer. It plans and revises; what needs eyes or free writing it refuses (`unsupported`).
 */
export function createOffline(): LlmProvider {
  return {
    id: 'offline',
    title: 'Rules (no LLM connected)',
    async complete<T>(
      request: CompleteRequest<T>,
      { signal, onText }: { signal: AbortSignal; onText?: (delta: string) => void },
    ): Promise<Completion<T>> {
      signal.throwIfAborted()
      const answered = answer(request.task, request.facts)
      onText?.(answered.advice)
      return { value: fitted(request.schema, answered), by: byRules }
    },
  }
}

function answer(task: CompleteRequest<unknown>['task'], facts: unknown) {
  switch (task) {
    case 'plan':
      return planByRules(PlanFacts.parse(facts))
    case 'revise': {
      const read = PlanFacts.parse(facts)
      return read.previous ? reviseByRules(read, read.previous) : planByRules(read)
    }
    case 'critique':
      throw new PlanographError(
        'unsupported',
        'The rule-based planner cannot see pictures, so it cannot judge them.',
        {
          code: 'no-llm',
          hint: 'Connect an LLM that reads pictures, or let a person review them.',
        },
      )
    case 'text':
      throw new PlanographError(
        'unsupported',
        'The rule-based planner plans pictures; it cannot write free text.',
        {
          code: 'no-llm',
          hint: 'Connect an LLM for this.',
        },
      )
  }
}

function fitted<T>(schema: z.ZodType<T>, answered: unknown): T {
  const parsed = schema.safeParse(answered)
  if (parsed.success) return parsed.data
  throw new PlanographError('unsupported', 'The rule-based planner does not give answers of this form.', {
    code: 'no-llm',
    hint: 'Connect an LLM for this.',
  })
}
