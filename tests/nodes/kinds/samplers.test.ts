import { describe, expect, it } from 'vitest'
import { findSampler, findScheduleType, samplerLabels, splitSampler } from '../../../nodes/kinds/samplers.ts'

describe('sampler labels', () => {
  it('finds every label by itself', () => {
    for (const sampler of samplerLabels) expect(findSampler(sampler.label)).toBe(sampler)
  })

  it('finds a sampler by alias and in any case', () => {
    expect([findSampler('k_euler_a')?.label, findSampler('dpm++ 2m')?.label]).toEqual(['Euler a', 'DPM++ 2M'])
  })

  it('knows no sampler of another name', () => {
    expect(findSampler('Euler b')).toBeUndefined()
  })

  it('finds a schedule type by label and by internal name', () => {
    expect([findScheduleType('karras'), findScheduleType('sgm_uniform')]).toEqual(['Karras', 'SGM Uniform'])
  })

  it('splits the older one-name form', () => {
    expect(splitSampler('DPM++ 2M Karras')).toEqual({ sampler: 'DPM++ 2M', scheduler: 'Karras' })
  })

  it('does not split what is a sampler as a whole', () => {
    expect(splitSampler('DDIM')).toEqual({ sampler: 'DDIM' })
  })

  it('leaves an unknown name as it is', () => {
    expect(splitSampler('Nonsense Karras')).toEqual({ sampler: 'Nonsense Karras' })
  })
})
