import { describe, expect, it } from 'vitest'
import { type Plan, planParameters } from '../../../../nodes/kinds/plan.ts'
import { revised, servers } from './planning.ts'

const wish = 'a red house on a hill at dusk, watercolour'
const changed = (before: Plan, after: Plan) =>
  planParameters.filter((parameter) => before[parameter] !== after[parameter])

describe('a plan that is sent back', () => {
  it('turns several things at once and says what it did', async () => {
    const { before, after } = await revised(
      servers.demo,
      wish,
      'make it night, warmer, bigger moon, less saturated, more steps',
    )
    expect(changed(before, after)).toEqual(['prompt', 'steps', 'cfg'])
    expect(after.prompt).toBe('a red house on a hill at night, watercolour style, big moon, warm light')
    expect([before.steps, after.steps, before.cfg, after.cfg]).toEqual([20, 30, 3, 2])
    expect(after.reasons.steps).toMatch(/"more steps": 20 → 30/)
    expect(after.reasons.cfg).toMatch(/"less saturated": 3 → 2/)
    expect(after.reasons.prompt).toContain('"bigger moon"')
    expect(after.advice).toMatch(/^Changed: prompt, steps and CFG scale\./)
  })

  it.each([
    ['blue instead of red', 'a blue house on a hill at dusk', ['prompt', 'negative']],
    ['a lighthouse instead of the house', 'a red lighthouse on a hill at dusk', ['prompt', 'negative']],
    ['make the house green', 'a green house on a hill at dusk', ['prompt']],
    ['at dawn', 'a red house on a hill, ', ['prompt']],
    ['without the hill', 'a red house at dusk', ['prompt', 'negative']],
    ['four variations', 'a red house on a hill at dusk', ['count']],
    ['use Euler a', 'a red house on a hill at dusk', ['sampler']],
    ['higher resolution', 'a red house on a hill at dusk', ['width', 'height']],
    ['fewer steps, tighter', 'a red house on a hill at dusk', ['steps', 'cfg']],
    ['wide format', 'a red house on a hill at dusk', ['width', 'height']],
    ['no clouds', 'a red house on a hill at dusk', ['negative']],
  ] as const)('changes what "%s" asks for and nothing else', async (feedback, prompt, parameters) => {
    const { before, after } = await revised(servers.sd, wish, feedback)
    expect(after.prompt.startsWith(prompt)).toBe(true)
    expect(changed(before, after)).toEqual([...parameters])
    for (const parameter of planParameters)
      if (!changed(before, after).includes(parameter))
        expect(after.reasons[parameter]).toBe(before.reasons[parameter])
      else expect(after.reasons[parameter]).not.toBe(before.reasons[parameter])
  })

  it('wears one style at a time', async () => {
    const { after } = await revised(servers.sd, wish, 'storybook style please')
    expect(after.prompt).toBe(
      'a red house on a hill at dusk, storybook illustration, clean outlines, gentle colours',
    )
  })

  it('keeps more of a picture when that is asked for', async () => {
    const picture = { width: 512, height: 512, prompt: 'a red house' }
    const { before, after } = await revised(servers.sd, 'make it night', 'closer to the original', {
      intent: 'img2img',
      picture,
    })
    expect([before.denoise, after.denoise]).toEqual([0.6, 0.45])
  })

  it('says when a parameter can go no further', async () => {
    const { before, after } = await revised(servers.flux, wish, 'less saturated')
    expect(after.cfg).toBe(before.cfg)
    expect(after.warnings.join()).toContain('CFG scale stays at 1')
  })

  it('does not take back what was asked for before', async () => {
    const { before, after } = await revised(servers.sd, 'a castle, 100 steps', 'more steps')
    expect([before.steps, after.steps]).toEqual([100, 100])
  })

  it('keeps the checkpoint when another that is asked for is not there', async () => {
    const { before, after } = await revised(
      servers.sd,
      'a castle, use the checkpoint sd_xl_base_1.0',
      'use the checkpoint dragonXL',
    )
    expect(changed(before, after)).toEqual([])
    expect(after.warnings.join()).toContain('no checkpoint "dragonXL"')
  })

  it.each([
    ['', 'The feedback is empty'],
    ['square', 'The plan already has what "square" asks for'],
  ])('says why nothing changed: "%s"', async (feedback, warning) => {
    const { before, after } = await revised(servers.sd, wish, feedback)
    expect(changed(before, after)).toEqual([])
    expect(after.warnings.join()).toContain(warning)
    expect(after.reasons).toEqual(before.reasons)
  })

  it('says when it understood nothing', async () => {
    const { before, after } = await revised(servers.demo, wish, 'xyzzy')
    expect(changed(before, after)).toEqual([])
    expect(after.warnings.join()).toContain('found nothing in "xyzzy"')
  })

  it('brings the values of another checkpoint along', async () => {
    const { after } = await revised(servers.sd, wish, 'use the checkpoint sd_xl_base_1.0')
    expect(after).toMatchObject({
      model: 'sd_xl_base_1.0.safetensors',
      steps: 25,
      cfg: 6,
      width: 1024,
      height: 1024,
    })
  })
})
