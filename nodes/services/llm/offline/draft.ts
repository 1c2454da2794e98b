import type { Alternative, PlanParameter } from '../../../kinds/plan.ts'
import type { PlanAnswer } from '../facts.ts'

type Value = PlanAnswer[PlanParameter]

/** A plan in the making: every value goes in together with its reason. */
export interface Draft {
  readonly plan: PlanAnswer
  set<P extends PlanParameter>(parameter: P, value: PlanAnswer[P], reason: string): void
  /** Another reason for a value that stays. */
  explain(parameter: PlanParameter, reason: string): void
  warn(...warnings: string[]): void
  offer(parameter: PlanParameter, value: Value, reason: string, changes?: Alternative['changes']): void
}

export function draftOf(start: PlanAnswer): Draft {
  const plan: PlanAnswer = { ...start, reasons: { ...start.reasons }, warnings: [], alternatives: [] }
  return {
    plan,
    set(parameter, value, reason) {
      plan[parameter] = value
      plan.reasons[parameter] = reason
    },
    explain(parameter, reason) {
      plan.reasons[parameter] = reason
    },
    warn(...warnings) {
      for (const warning of warnings) if (!plan.warnings.includes(warning)) plan.warnings.push(warning)
    },
    offer(parameter, value, reason, changes) {
      plan.alternatives.push({ parameter, value, reason, changes })
    },
  }
}

export const emptyPlan: PlanAnswer = {
  intent: 'txt2img',
  prompt: '',
  negative: null,
  model: null,
  sampler: null,
  scheduler: null,
  steps: null,
  cfg: null,
  width: null,
  height: null,
  denoise: null,
  count: null,
  reasons: {},
  alternatives: [],
  warnings: [],
  advice: '',
}
