import { PlanographError } from '../../../runtime/errors.ts'
import { Plan } from '../../kinds/plan.ts'
import type { Images } from '../images/images.ts'
import type { Wanted } from '../images/settle.ts'
import { PlanAnswer, type PlanFacts } from './facts.ts'
import { type Asked, gatherFacts } from './gather-facts.ts'
import { planMessages, repairMessages, type Seen } from './plan-messages.ts'
import type { LlmProvider } from './provider.ts'

interface Making {
  images: Images
  provider: LlmProvider
  signal: AbortSignal
  onText?: (delta: string) => void
}

/**
 * A plan that can be carried out: what the provider answers is checked against what the backend has, and asked for once
 * more if it does not fit. Throws `invalid` (code `plan`) when the second answer does not fit either.
 */
export async function makePlan(
  { images, provider, signal, onText }: Making,
  asked: Asked,
  seen: Seen = {},
): Promise<Plan> {
  const facts = await gatherFacts(images, asked, signal)
  const task = asked.previous ? 'revise' : 'plan'
  const messages = planMessages(facts, seen)
  const ask = async (turn: typeof messages) => {
    const { value, by } = await provider.complete(
      { task, messages: turn, schema: PlanAnswer, facts },
      { signal, onText },
    )
    const plan = finished(value, facts, by)
    return { value, plan, wrong: await faults(images, plan, facts, signal) }
  }
  const first = await ask(messages)
  if (first.wrong.length === 0) return first.plan
  const second = await ask(repairMessages(messages, first.value, first.wrong))
  if (second.wrong.length === 0) return second.plan
  throw new PlanographError(
    'invalid',
    `${provider.title} planned what ${facts.backend.title} cannot do: ${second.wrong.join(' ')}`,
    {
      code: 'plan',
      hint: 'Say in the request which checkpoint, sampler or size to use, or connect another LLM.',
    },
  )
}

function finished(answer: PlanAnswer, { intent, backend }: PlanFacts, by: string): Plan {
  const denoise = intent === 'txt2img' ? null : answer.denoise
  return Plan.parse({ ...answer, intent, denoise, by, backend: backend.id })
}

async function faults(
  images: Images,
  plan: Plan,
  { intent, models }: PlanFacts,
  signal: AbortSignal,
): Promise<string[]> {
  const empty = plan.prompt.trim() === '' && intent !== 'inpaint' ? ['The prompt is empty.'] : []
  if (plan.model !== null && !models.some(({ name }) => name === plan.model))
    return [
      ...empty,
      `There is no checkpoint "${plan.model}". There is ${models.map(({ name }) => name).join(', ')}.`,
    ]
  const refused = await images.refusals(wantedBy(plan), signal)
  return [...empty, ...refused.map(({ message }) => message)]
}

/** What a plan asks of a backend. */
function wantedBy(plan: Plan): Wanted {
  const { intent, backend, model, sampler, scheduler, steps, cfg, width, height, negative } = plan
  const some = <T>(value: T | null) => value ?? undefined
  return {
    kind: intent,
    backend,
    model: some(model),
    sampler: some(sampler),
    scheduler: some(scheduler),
    steps: some(steps),
    cfg: some(cfg),
    width: some(width),
    height: some(height),
    negative: some(negative),
  }
}
