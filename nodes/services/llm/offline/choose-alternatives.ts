import { type Choosing, clamp, titleOf } from './choose-parameters.ts'

/** Other ways to go, each with why one might. Only such as the backend has. */
export function offerAlternatives(choosing: Choosing) {
  otherSteps(choosing)
  otherGuidance(choosing)
  otherSampler(choosing)
  otherModels(choosing)
  otherDenoise(choosing)
  if (choosing.draft.plan.count === 1)
    choosing.draft.offer('count', 4, 'Four seeds show how much is the plan and how much is chance.')
}

function otherSteps({ draft, model: { family } }: Choosing) {
  const { steps } = draft.plan
  if (steps === null) return
  const half = Math.round(clamp(steps / 2, family.stepRange))
  const more = Math.round(clamp(steps * 1.5, family.stepRange))
  if (half < steps) draft.offer('steps', half, 'Faster, for trying out prompts; edges stay a little rough.')
  if (more > steps) draft.offer('steps', more, 'Cleaner fine detail, if the time does not matter.')
}

function otherGuidance({ draft, model: { family } }: Choosing) {
  const { cfg } = draft.plan
  if (cfg === null) return
  const span = (family.cfgRange[1] - family.cfgRange[0]) / 5
  const looser = round(clamp(cfg - span, family.cfgRange))
  const tighter = round(clamp(cfg + span, family.cfgRange))
  if (looser < cfg) draft.offer('cfg', looser, 'Looser: softer contrast, more surprises.')
  if (tighter > cfg) draft.offer('cfg', tighter, 'Tighter: follows the prompt harder, with stronger colours.')
}

const round = (value: number) => Math.round(value * 2) / 2

function otherSampler({ draft, facts, model: { family } }: Choosing) {
  const other = family.samplers.find(
    (label) => label !== draft.plan.sampler && facts.samplers.includes(label),
  )
  if (other)
    draft.offer(
      'sampler',
      other,
      'Also at home with this family; the same seed gives a somewhat different picture.',
    )
}

function otherModels({ draft, facts, model }: Choosing) {
  for (const other of facts.models.filter(({ name }) => name !== model.name).slice(0, 2)) {
    const { sampler, scheduler, steps, cfg, width, height } = other.suggested
    const changes = { sampler, scheduler, steps, cfg, width, height }
    draft.offer(
      'model',
      other.name,
      `${titleOf(other)} is there, too (${other.family.title}); its usual values come with it.`,
      changes,
    )
  }
}

function otherDenoise({ draft }: Choosing) {
  const { denoise } = draft.plan
  if (denoise === null) return
  const step = (by: number) => Math.round(clamp(denoise + by, [0.1, 1]) * 100) / 100
  draft.offer('denoise', step(-0.15), 'Keeps more of the picture.')
  if (denoise < 1) draft.offer('denoise', step(0.15), 'Lets the prompt change more.')
}
