import { describe, expect, it } from 'vitest'
import { planParameters } from '../../../../nodes/kinds/plan.ts'
import { planned, servers } from './planning.ts'

describe('a plan by rules', () => {
  it.each(['demo', 'sd', 'flux', 'plain'] as const)(
    'has a reason for every parameter it sets: %s',
    async (name) => {
      const plan = await planned(
        servers[name],
        'a red boat on the sea at dusk, watercolour, no people, very detailed',
      )
      const set = planParameters.filter((parameter) => plan[parameter] !== null)
      expect(set).toContain('prompt')
      for (const parameter of set)
        expect([parameter, plan.reasons[parameter]?.length]).not.toEqual([parameter, undefined])
    },
  )

  it('says who planned, for which backend, and teaches something', async () => {
    const plan = await planned(servers.sd, 'a castle')
    expect(plan).toMatchObject({
      by: 'rules, no LLM connected',
      backend: 'fake',
      intent: 'txt2img',
      denoise: null,
    })
    expect(plan.advice.split('. ').length).toBeGreaterThan(2)
  })

  it('is the same for the same wish', async () => {
    const wish = 'a cosy cabin in the snow, four variations'
    expect(await planned(servers.sd, wish)).toEqual(await planned(servers.sd, wish))
  })

  it('puts the subject first and spells out style, mood and light', async () => {
    const { prompt } = await planned(servers.sd, 'an eerie forest, ink drawing, moonlight')
    expect(prompt).toMatch(/^an eerie forest, at night, ink drawing, confident lines/)
    expect(prompt).toContain('eerie fog')
    expect(prompt).toContain('blue shadows')
  })

  it('writes sentences for families that read sentences', async () => {
    const { prompt } = await planned(servers.flux, 'a fox in the snow, oil painting')
    expect(prompt).toBe('A fox in the snow. Oil painting, visible brush strokes, canvas.')
  })

  it('puts what is not wanted into the negative prompt', async () => {
    const plan = await planned(servers.sd, 'a street, no people or cars')
    expect(plan.negative).toMatch(/^people, cars, /)
    expect(plan.prompt).toBe('a street')
  })

  it('says so where a negative prompt has no effect', async () => {
    const plan = await planned(servers.flux, 'a street, no people')
    expect(plan.negative).toBe('')
    expect(plan.warnings.join()).toContain('"no people" cannot be promised')
  })

  it('leaves to null what the backend does not take', async () => {
    const plan = await planned(servers.plain, 'a street, no people')
    expect(plan).toMatchObject({ negative: null, sampler: null, scheduler: null, steps: null, cfg: null })
  })

  it.each([
    ['sd', 'a castle, wide', 624, 416],
    ['xl', 'a castle, wide', 1280, 832],
    ['xl', 'a portrait of a knight', 832, 1280],
    ['xl', 'a castle, square', 1024, 1024],
    ['sd', 'a castle, 770x512', 768, 512],
    ['demo', 'a house, wide', 256, 256],
  ] as const)('gives %s for "%s" %i×%i', async (server, wish, width, height) => {
    const plan = await planned(servers[server], wish)
    expect([plan.width, plan.height]).toEqual([width, height])
  })

  it.each([
    ['sd', 'a castle', 20],
    ['sd', 'a rough draft of a castle', 12],
    ['sd', 'a castle, best quality', 35],
    ['lightning', 'a castle, best quality', 8],
    ['sd', 'a castle, 44 steps', 44],
  ] as const)('gives %s for "%s" %i steps', async (server, wish, steps) => {
    expect((await planned(servers[server], wish)).steps).toBe(steps)
  })

  it('guides photographs less, and says why', async () => {
    const plan = await planned(servers.sd, 'a photo of an old harbour')
    expect(plan.cfg).toBe(6)
    expect(plan.reasons.cfg).toContain('photograph')
  })

  it('takes the checkpoint and sampler that the wish names, with values that suit them', async () => {
    const plan = await planned(servers.sd, 'a castle, use the checkpoint sd_xl_base_1.0, sampler Euler a')
    expect(plan).toMatchObject({
      model: 'sd_xl_base_1.0.safetensors',
      sampler: 'Euler a',
      steps: 25,
      cfg: 6,
      width: 1024,
    })
  })

  it('warns of what is wished for and not there, and plans what is', async () => {
    const plan = await planned(servers.sd, 'a castle, use the checkpoint dragonXL, with the sampler Restart')
    expect(plan).toMatchObject({ model: 'v1-5-pruned.safetensors', sampler: 'DPM++ 2M' })
    expect(plan.warnings).toEqual([
      expect.stringContaining('no checkpoint "dragonXL"'),
      expect.stringContaining('no sampler "Restart"'),
    ])
  })

  it('gives no Karras to a sampler that goes through its own schedule', async () => {
    const plan = await planned(servers.demo, 'a cat, using DDIM Karras')
    expect([plan.sampler, plan.scheduler]).toEqual(['DDIM', 'Automatic'])
    expect(plan.warnings.join()).toContain('takes no Karras')
  })

  it('offers only alternatives that the backend has', async () => {
    const { alternatives } = await planned(servers.sd, 'a castle')
    expect(alternatives.map(({ parameter }) => parameter)).toEqual(
      expect.arrayContaining(['steps', 'cfg', 'sampler', 'model']),
    )
    expect(alternatives.find(({ parameter }) => parameter === 'model')).toMatchObject({
      value: 'sd_xl_base_1.0.safetensors',
      changes: { width: 1024, cfg: 6 },
    })
  })

  it('holds no seed, and says where it goes', async () => {
    expect((await planned(servers.sd, 'a castle, seed 42')).warnings.join()).toContain(
      'set 42 in the Text to image node',
    )
  })
})

describe('a plan for the demo model', () => {
  it.each([
    [
      'a crimson cottage by the ocean at sunset, as an aquarelle',
      'a red house by the sea at dusk, watercolour style',
    ],
    [
      'I want two pictures of a big golden balloon over the dunes at noon, flat style',
      'a big yellow balloon in the desert by day, flat style',
    ],
    ['the kitten is black, in a garden at night', 'a black cat in a meadow at night'],
    ['an apple', 'an apple'],
    ['a sailboat on the sea', 'a boat on the sea'],
  ])('is written in its words: %s', async (wish, prompt) => {
    const plan = await planned(servers.demo, wish)
    expect(plan.prompt).toBe(prompt)
    expect(plan.warnings).toEqual([])
  })

  it('names the words it does not know and paints the rest', async () => {
    const plan = await planned(servers.demo, 'a dog beside a red house')
    expect(plan.prompt).toBe('a red house')
    expect(plan.warnings).toEqual(['The demo model does not know "dog": that part of the wish is left out.'])
  })

  it('does not put another subject in the place of an unknown one', async () => {
    const plan = await planned(servers.demo, 'a dragon at night')
    expect(plan.prompt).toBe('at night, dragon')
    expect(plan.warnings.join()).toContain('will not paint this')
    expect(plan.warnings.join().split(' · ')).toHaveLength(6)
  })

  it('finds a subject for a place without one, and says whose idea it was', async () => {
    const plan = await planned(servers.demo, 'sunset over the sea')
    expect(plan.prompt).toBe('a boat on the sea at dusk')
    expect(plan.warnings.join()).toContain(`"boat" is the planner's idea`)
  })
})

describe('a plan for a change', () => {
  const picture = { width: 256, height: 256, prompt: 'a red house on a hill at dusk, watercolour style' }
  const edit = (images: Parameters<typeof planned>[0], wish: string) =>
    planned(images, wish, { intent: 'img2img', picture })

  it.each([
    ['make it night, slightly', 'a red house on a hill at night, watercolour style', 0.4],
    ['completely change it into a desert', 'a red house in the desert at dusk, watercolour style', 0.9],
    ['turn it into a storybook illustration', 'a red house on a hill at dusk, storybook style', 0.6],
    ['make the house blue', 'a blue house on a hill at dusk, watercolour style', 0.6],
    ['replace the house with a lighthouse', 'a red lighthouse on a hill at dusk, watercolour style', 0.6],
  ])('starts from the prompt that the picture was painted with: %s', async (wish, prompt, denoise) => {
    expect(await edit(servers.demo, wish)).toMatchObject({ intent: 'img2img', prompt, denoise })
  })

  it('describes the finished picture and does not order', async () => {
    expect((await edit(servers.sd, 'make the house blue')).prompt).toBe(
      'a blue house on a hill at dusk, watercolour style',
    )
    expect((await edit(servers.sd, 'make it night')).prompt).toBe(
      'a red house on a hill, watercolour style, at night',
    )
    expect((await edit(servers.sd, 'as an oil painting')).prompt).toMatch(
      /^a red house on a hill at dusk, oil painting/,
    )
  })

  it('admits that it cannot see a picture that does not say what it is', async () => {
    const plan = await planned(servers.sd, 'make it night', {
      intent: 'img2img',
      picture: { width: 640, height: 480 },
    })
    expect(plan.warnings.join()).toContain('cannot see your picture')
    expect([plan.width, plan.height]).toEqual([640, 480])
  })

  it('asks for what shall be inside the mask', async () => {
    const inside = { intent: 'inpaint', picture: { width: 640, height: 480 } } as const
    expect(await planned(servers.sd, 'replace it with a red apple', inside)).toMatchObject({
      prompt: 'a red apple',
      denoise: 0.75,
      width: 512,
      height: 512,
    })
    expect((await planned(servers.sd, 'remove the man', inside)).negative).toMatch(/^man, /)
  })
})
