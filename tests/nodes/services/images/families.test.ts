import { describe, expect, it } from 'vitest'
import { Family, fallbackFamily, families, familyOf } from '../../../../nodes/services/images/families.ts'

describe('the table of model families', () => {
  it.each([
    ['planograph-demo', 'demo'],
    ['v1-5-pruned-emaonly.safetensors', 'sd15'],
    ['models/Stable-diffusion/sd_xl_base_1.0.safetensors', 'sdxl'],
    ['juggernautXL_v9.safetensors', 'sdxl'],
    ['ponyDiffusionV6XL.safetensors', 'sdxl'],
    ['sd_xl_turbo_1.0_fp16.safetensors', 'turbo'],
    ['juggernautXL_lightning.safetensors', 'sdxl-lightning'],
    ['LCM_Dreamshaper_v7', 'lcm'],
    ['flux1-dev-fp8.safetensors', 'flux'],
    ['flux1-schnell.safetensors', 'flux-schnell'],
    ['sd3.5_medium.safetensors', 'sd3'],
    ['v2-1_768-ema-pruned.ckpt', 'sd2-768'],
    ['pixlrMix.safetensors', 'other'],
    ['dreamshaper_8.safetensors', 'other'],
  ])('knows %s as %s', (name, family) => {
    expect(familyOf({ name }).id).toBe(family)
  })

  it('believes the backend before the name', () => {
    expect(familyOf({ name: 'flux-look-for-sd15.safetensors', family: 'sd15' }).id).toBe('sd15')
  })

  it('does not take a folder for a name', () => {
    expect(familyOf({ name: 'flux/v1-5-pruned.safetensors' }).id).toBe('sd15')
  })

  it('falls back to what people start with', () => {
    const { samplers, schedulers, steps, cfg, width, height } = fallbackFamily
    expect([samplers[0], schedulers[0], steps, cfg, width, height]).toEqual([
      'DPM++ 2M',
      'Karras',
      20,
      7,
      512,
      512,
    ])
  })

  it.each(families)('holds values for $id that lie in its own ranges', (family) => {
    expect(Family.parse(family)).toEqual(family)
    expect(family.steps).toBeGreaterThanOrEqual(family.stepRange[0])
    expect(family.steps).toBeLessThanOrEqual(family.stepRange[1])
    expect(family.cfg).toBeGreaterThanOrEqual(family.cfgRange[0])
    expect(family.cfg).toBeLessThanOrEqual(family.cfgRange[1])
  })

  it('takes rows that were put in front of it', () => {
    const own: Family = { ...fallbackFamily, id: 'mine', names: ['dreamshaper'], steps: 30 }
    expect(familyOf({ name: 'dreamshaper_8.safetensors' }, [own, ...families])).toBe(own)
  })
})
