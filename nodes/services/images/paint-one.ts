import { PlanographError } from '../../../runtime/errors.ts'
import type { Seed } from '../../../runtime/seed.ts'
import type { Json } from '../../../runtime/values.ts'
import type { Image } from '../../kinds/image.ts'
import { infotextFor, withInfotext } from '../picture-texts.ts'
import type { GenerateRequest, GenerateResult, JobEvent } from './backend.ts'
import { fileName } from './families.ts'
import type { Painting } from './painting.ts'

/** Which picture of the batch. */
interface Turn {
  index: number
  seed: Seed
  /** Pictures painted before it in this attempt. */
  done: number
}

/** Paints one picture, telling progress over the whole batch, and keeps it with its infotext. */
export async function paintOne(painting: Painting, turn: Turn): Promise<{ image: Image; notes: string[] }> {
  const { ctx, chosen, source } = painting
  const request = await requestOf(painting, turn)
  const job = ctx.services.images.generate(chosen.offer.backend, request, ctx.signal)
  const result = await follow(job, painting, turn)
  const { width, height } = result.image
  const finished = await source?.finish?.(result.image.image)
  const { bytes, mime } = finished?.image ?? result.image.image
  const told = withInfotext(bytes, infotextFor(metadata(painting, result, turn.seed)))
  const image = await ctx.blobs.write(told, mime, finished?.size ?? { width, height })
  return { image, notes: result.notes }
}

async function requestOf(
  { ctx, kind, values, chosen, source }: Painting,
  { index, seed }: Turn,
): Promise<GenerateRequest> {
  const { capabilities, backend } = chosen.offer
  const { sampler, scheduler, steps, cfg, width, height } = chosen.values
  const taken = <T>(value: T | null) => value ?? undefined
  return {
    kind,
    id: `${ctx.step.key}/${backend}/${index}`,
    model: chosen.model.name,
    prompt: values.prompt,
    negative: capabilities.negative ? values.negative : undefined,
    seed: capabilities.seed ? seed : undefined,
    steps: taken(steps),
    cfg: taken(cfg),
    sampler: taken(sampler),
    scheduler: taken(scheduler),
    width,
    height,
    clipSkip: values.clipSkip > 1 ? values.clipSkip : undefined,
    denoise: source?.denoise,
    ...(await source?.parts({ width, height })),
  }
}

async function follow(
  job: AsyncIterable<JobEvent>,
  { ctx, total }: Painting,
  { index, done }: Turn,
): Promise<GenerateResult> {
  const which = total > 1 ? `picture ${done + 1} of ${total}` : ''
  const told = (what: string) => [which, what].filter((part) => part !== '').join(', ')
  for await (const event of job) {
    switch (event.type) {
      case 'queued':
        if (event.position)
          ctx.progress({ value: done, total, note: told(`${event.position} in front in the queue`) })
        break
      case 'loading':
        ctx.progress({ value: done, total, note: told(`loading ${fileName(event.model)}`) })
        break
      case 'progress': {
        const { step, steps } = event
        ctx.progress({
          value: done * steps + step,
          total: total * steps,
          note: told(`step ${step} of ${steps}`),
        })
        break
      }
      case 'preview':
        ctx.preview({ ...event.image, index })
        break
      case 'done':
        return event.result
    }
  }
  throw new PlanographError('unreachable', 'The backend ended the job without a picture.', {
    hint: 'Look at its log, then run again.',
  })
}

function metadata({ values, chosen, source }: Painting, { image, model }: GenerateResult, seed: Seed) {
  const { sampler, scheduler, steps, cfg } = chosen.values
  return {
    prompt: values.prompt,
    negative: values.negative,
    steps: steps ?? undefined,
    sampler: sampler ?? undefined,
    scheduler: scheduler ?? undefined,
    cfg: cfg ?? undefined,
    seed: image.seed ?? seed,
    width: image.width,
    height: image.height,
    model: fileName(model.name).replace(/\.(safetensors|ckpt)$/, ''),
    // A1111 writes the first ten digits of the sha256.
    modelHash: (model.sha256 ?? (model.name === chosen.model.name ? chosen.model.sha256 : undefined))?.slice(
      0,
      10,
    ),
    denoise: source?.denoise,
    clipSkip: values.clipSkip,
    more: source?.more,
  }
}

/** How the pictures were made, all parameters as they were sent. */
export function detailsOf({ kind, values, chosen, source }: Painting): { [name: string]: Json } {
  const { offer, model, family } = chosen
  return {
    intent: kind,
    backend: offer.backend,
    model: model.name,
    modelHash: model.sha256 ?? null,
    family: family.id,
    prompt: values.prompt,
    negative: values.negative,
    ...chosen.values,
    clipSkip: values.clipSkip,
    count: values.count,
    seed: values.seed,
    ...(source ? { denoise: source.denoise, ...source.details } : {}),
  }
}
