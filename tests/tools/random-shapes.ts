export interface RandomModel {
  /** Interface of SD 1.5: 77 tokens, 768 wide, 64×64 latents of 4 channels, 8 pixels per latent. Default: a tiny one. */
  shapes?: 'tiny' | 'sd15'
  prediction?: 'epsilon' | 'v_prediction'
  /** Half precision inputs, outputs and weights. */
  half?: boolean
  /** Weights beside model.onnx. */
  external?: boolean
  /** As many weights as SD 1.5 has (about 1.7 GB in half precision). */
  full?: boolean
  /** Tokenizer as vocab.json and merges.txt, CLIP's way, instead of tokenizer.json. */
  clip?: boolean
  /** The UNet takes guidance as an input, as models distilled by LCM do. */
  guided?: boolean
  /** The UNet takes one sample at a time. */
  single?: boolean
  /** The UNet wants an input more, as SDXL's does. */
  foreign?: boolean
  /** Overrides of scheduler_config.json. */
  scheduler?: { [key: string]: unknown }
  seed?: number
}

export interface Shape {
  tokens: number
  words: number
  width: number
  channels: number
  factor: number
  sample: number
  /** Channels inside the UNet. */
  inner: number
}

export const shapes: Record<'tiny' | 'sd15', Shape> = {
  tiny: { tokens: 16, words: 64, width: 8, channels: 4, factor: 8, sample: 8, inner: 8 },
  sd15: { tokens: 77, words: 49408, width: 768, channels: 4, factor: 8, sample: 64, inner: 16 },
}
