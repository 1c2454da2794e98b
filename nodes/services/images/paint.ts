import type { Context } from '../../../runtime/define-node.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import { Labelled } from '../../../runtime/items.ts'
import { addToSeed, type Seed } from '../../../runtime/seed.ts'
import type { Json } from '../../../runtime/values.ts'
import { Image } from '../../kinds/image.ts'
import type { Intent } from '../../kinds/plan.ts'
import type { Services } from '../services.ts'
import type { Chosen } from './images.ts'
import { detailsOf, paintOne } from './paint-one.ts'
import type { Painting, Source } from './painting.ts'
import { type PaintValues, wantedOf } from './wanted.ts'

/**
 * Paints `count` pictures, picture i with seed + i, and keeps each with its own infotext. In a round that asks for some
 * items, only those are painted; the others are the ones of the round before.
 */
export async function paint(ctx: Context<Services>, kind: Intent, values: PaintValues, source?: Source) {
  const started = ctx.now()
  refuseOtherIntent(kind, values)
  refuseEmpty(kind, values)
  const picture = source?.ownSize ? undefined : source?.picture
  const chosen = await ctx.services.images.resolve(wantedOf(kind, values, picture), ctx.signal)
  const kept = keptFrom(ctx.round, values.count)
  const painting: Painting = { ctx, kind, values, chosen, source, total: values.count - kept.size }
  const seeds = Array.from({ length: values.count }, (_, i) => kept.get(i)?.seed ?? addToSeed(values.seed, i))
  refuseLargeSeeds(seeds, chosen)
  const { images, notes } = await paintAll(painting, seeds, kept)
  for (const note of notes) ctx.note(note)
  return { images, details: { ...detailsOf(painting), seeds, notes, ms: ctx.now() - started } }
}

async function paintAll(painting: Painting, seeds: readonly Seed[], kept: ReadonlyMap<number, Kept>) {
  const images: Labelled<Image>[] = []
  const notes = new Set<string>()
  let done = 0
  for (const [index, seed] of seeds.entries()) {
    const before = kept.get(index)?.image
    const painted = before ? undefined : await paintOne(painting, { index, seed, done: done++ })
    for (const note of painted?.notes ?? []) notes.add(note)
    const image = before ?? painted?.image
    if (image) images.push(new Labelled(image, `seed ${seed}`))
  }
  return { images, notes: [...notes] }
}

interface Kept {
  image: Image
  seed: Seed
}

/** Pictures of the round before that this round does not ask for. */
function keptFrom({ items, previous }: Context['round'], count: number): Map<number, Kept> {
  const kept = new Map<number, Kept>()
  if (!items || !previous) return kept
  const images = Array.isArray(previous.images) ? previous.images : []
  const seeds = seedsIn(previous.details)
  for (const [i, value] of images.slice(0, count).entries()) {
    const image = Image.safeParse(value)
    const seed = seeds[i]
    if (!items.includes(i) && image.success && seed !== undefined) kept.set(i, { image: image.data, seed })
  }
  return kept
}

function seedsIn(details: Json | undefined): Seed[] {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return []
  const seeds = Array.isArray(details.seeds) ? details.seeds : []
  return seeds.filter((seed) => typeof seed === 'number' || typeof seed === 'string')
}

const nodeFor: Readonly<Record<Intent, string>> = {
  txt2img: '"Text to image" (txt2img)',
  img2img: '"Image to image" (img2img)',
  inpaint: '"Inpaint" (inpaint)',
}

function refuseOtherIntent(kind: Intent, { plan }: PaintValues) {
  if (!plan || plan.intent === kind) return
  throw new PlanographError('invalid', `This plan is for ${plan.intent}, and this node does ${kind}.`, {
    code: 'intent',
    hint: `Wire the plan to ${nodeFor[plan.intent]}, or change what is wired into the node that plans.`,
  })
}

/** An inpainting without words may simply fill a hole. */
function refuseEmpty(kind: Intent, { prompt }: PaintValues) {
  if (kind === 'inpaint' || prompt.trim() !== '') return
  throw new PlanographError('invalid', 'There is no prompt.', {
    code: 'prompt',
    hint: 'Type what you want to see into "prompt", or wire a prompt or a plan.',
  })
}

function refuseLargeSeeds(seeds: readonly Seed[], { offer }: Chosen) {
  const { seed: takesSeeds, maxSeed } = offer.capabilities
  const large = takesSeeds ? seeds.find((seed) => BigInt(seed) > maxSeed) : undefined
  if (large === undefined) return
  throw new PlanographError(
    'unsupported',
    `${offer.title} takes seeds up to ${maxSeed}; ${large} is larger.`,
    {
      code: 'seed',
      hint: 'Set a smaller seed, or choose another backend.',
    },
  )
}
