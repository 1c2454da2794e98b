import { baseKinds, defineKind, type Kind } from '../../runtime/kind.ts'
import { Image } from './image.ts'
import { Mask, maskContent } from './mask.ts'
import { Control, Lora, Model } from './models.ts'
import { Plan } from './plan.ts'

/** A checkpoint's name may go wherever words go. */
const text: Kind<string> = {
  ...baseKinds.text,
  accepts: { ...baseKinds.text.accepts, model: (name: string) => name },
}

/** Every kind of this program: the runtime's and the domain's. */
export const kinds = {
  ...baseKinds,
  text,
  image: defineKind<Image>({
    name: 'image',
    title: 'Image',
    colour: '#3fc6a4',
    shape: 'triangle',
    schema: Image,
  }),
  mask: defineKind<Mask>({
    name: 'mask',
    title: 'Mask',
    colour: '#d7dce5',
    shape: 'pentagon',
    schema: Mask,
    content: maskContent,
  }),
  plan: defineKind<Plan>({ name: 'plan', title: 'Plan', colour: '#b48cff', shape: 'star', schema: Plan }),
  model: defineKind<Model>({
    name: 'model',
    title: 'Checkpoint',
    colour: '#f27ea9',
    shape: 'hexagon',
    schema: Model,
    accepts: { text: (name: string) => name },
  }),
  lora: defineKind<Lora>({ name: 'lora', title: 'LoRA', colour: '#e05fd2', shape: 'hexagon', schema: Lora }),
  control: defineKind<Control>({
    name: 'control',
    title: 'ControlNet',
    colour: '#ff8a5c',
    shape: 'pentagon',
    schema: Control,
  }),
} as const
