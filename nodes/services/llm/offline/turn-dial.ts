import { parameterLabels } from '../../../kinds/plan.ts'
import { fitSide, type Size } from '../../images/sizes.ts'
import { type Choosing, clamp, titleOf } from './choose-parameters.ts'
import type { Turned } from './dials.ts'

type Range = readonly [number, number]

/** Moves the parameters that a dial turns, as far as the family is at ease with, and says from where to where. */
export function turnDial(choosing: Choosing, dial: Turned) {
  const { draft, facts, model } = choosing
  const { steps, cfg, denoise, width, height } = draft.plan
  const { stepRange, cfgRange } = model.family
  if (dial.steps && steps !== null) move(choosing, dial, 'steps', Math.round(steps * dial.steps), stepRange)
  if (dial.cfg && cfg !== null) move(choosing, dial, 'cfg', Math.round((cfg + dial.cfg) * 2) / 2, cfgRange)
  if (dial.denoise && facts.intent !== 'txt2img' && denoise !== null)
    move(choosing, dial, 'denoise', denoise + dial.denoise, [0.05, 1])
  if (dial.size && width !== null && height !== null) scale(choosing, dial, { width, height }, dial.size)
}

/** A value that a person set outside the range is not brought back into it by a wish for more. */
function move(
  { draft, model }: Choosing,
  dial: Turned,
  parameter: 'steps' | 'cfg' | 'denoise',
  to: number,
  range: Range,
) {
  const before = draft.plan[parameter] ?? 0
  const value = clamp(Math.round(to * 100) / 100, range)
  const label = parameterLabels[parameter]
  if (value === before || value > before !== to > before)
    return draft.warn(`${label} stays at ${before}: ${model.family.title} is at ease ${within(range)}.`)
  draft.set(parameter, value, `You said "${dial.said}": ${before} → ${value}${because(dial)}.`)
}

const within = ([least, most]: Range) =>
  least === most ? `only at ${least}` : `between ${least} and ${most}`
const because = ({ why }: Turned) => (why ? `: ${why}` : '')

function scale({ draft, model }: Choosing, dial: Turned, { width, height }: Size, by: number) {
  const size = { width: fitSide(width * by, model.size), height: fitSide(height * by, model.size) }
  const stays = model.size.fixed !== undefined || (size.width === width && size.height === height)
  if (stays)
    return draft.warn(
      `The size stays ${width}×${height}: ${titleOf(model)} takes no ${by > 1 ? 'larger' : 'smaller'} one. "Resize image" changes it afterwards.`,
    )
  const reason = `You said "${dial.said}": ${width}×${height} → ${size.width}×${size.height}${because(dial)}.`
  draft.set('width', size.width, reason)
  draft.set('height', size.height, reason)
}
