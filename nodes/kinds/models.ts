import { z } from 'zod'
import { Image } from './image.ts'

/** A checkpoint by the name its backend lists. */
export const Model = z.string().min(1)
export type Model = z.infer<typeof Model>

/** A LoRA and how strongly it acts. */
export const Lora = z.object({
  name: z.string().min(1),
  weight: z.number().min(-10).max(10).default(1),
  /** Weight on the text encoder, where it differs. */
  clipWeight: z.number().min(-10).max(10).optional(),
})
export type Lora = z.infer<typeof Lora>

/** A picture that steers the composition (ControlNet). `start` and `end` are parts of the sampling, 0…1. */
export const Control = z.object({
  image: Image,
  model: z.string().min(1),
  preprocessor: z.string().optional(),
  weight: z.number().min(0).max(2).default(1),
  start: z.number().min(0).max(1).default(0),
  end: z.number().min(0).max(1).default(1),
  mode: z.enum(['balanced', 'prompt', 'control']).default('balanced'),
  fit: z.enum(['stretch', 'crop', 'pad']).default('crop'),
  mask: Image.optional(),
})
export type Control = z.infer<typeof Control>
