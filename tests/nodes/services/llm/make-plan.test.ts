import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makePlan } from '../../../../nodes/services/llm/make-plan.ts'
import { createOffline } from '../../../../nodes/services/llm/offline/offline.ts'
import type { CompleteRequest, LlmProvider } from '../../../../nodes/services/llm/provider.ts'
import { servers } from './planning.ts'

const signal = new AbortController().signal

/** An LLM that gives these answers in turn. */
function answering(...answers: object[]): LlmProvider & { asked: CompleteRequest<unknown>[] } {
  const asked: CompleteRequest<unknown>[] = []
  return {
    id: 'fake',
    title: 'Fake LLM',
    asked,
    async complete(request) {
      asked.push(request)
      return { value: request.schema.parse(answers[asked.length - 1]), by: 'fake-1 at example.org' }
    },
  }
}

const good = { prompt: 'a castle', model: 'v1-5-pruned.safetensors', sampler: 'Euler', steps: 20 }
const ask = (provider: LlmProvider, request = 'a castle') =>
  makePlan({ images: servers.sd, provider, signal }, { request, intent: 'txt2img' })

describe('planning with an LLM', () => {
  it('keeps an answer that fits, and says who gave it', async () => {
    const provider = answering(good)
    expect(await ask(provider)).toMatchObject({ ...good, by: 'fake-1 at example.org', backend: 'fake' })
    expect(provider.asked).toHaveLength(1)
  })

  it('tells it the wish and what there is', async () => {
    const provider = answering(good)
    await ask(provider, 'a castle in the clouds')
    const text = JSON.stringify(provider.asked[0]?.messages)
    for (const said of ['a castle in the clouds', 'sd_xl_base_1.0.safetensors', 'Euler a', 'SGM Uniform'])
      expect(text).toContain(said)
  })

  it('asks once more, naming everything that cannot be done', async () => {
    const provider = answering({ ...good, sampler: 'Restart', width: 64, height: 4096 }, good)
    expect(await ask(provider)).toMatchObject(good)
    const repair = JSON.stringify(provider.asked[1]?.messages.at(-1))
    expect(repair).toContain('no sampler')
    expect(repair).toContain('64×4096')
  })

  it('fails when the second answer does not fit either', async () => {
    const wrong = { ...good, model: 'dragon.safetensors' }
    const provider = answering(wrong, wrong, good)
    await expect(ask(provider)).rejects.toMatchObject({
      class: 'invalid',
      code: 'plan',
      message: expect.stringContaining('There is no checkpoint "dragon.safetensors"'),
    })
    expect(provider.asked).toHaveLength(2)
  })

  it('does not let it plan something else than what is wired', async () => {
    const plan = await ask(answering({ ...good, intent: 'inpaint', denoise: 0.5 }))
    expect(plan).toMatchObject({ intent: 'txt2img', denoise: null })
  })
})

describe('the offline provider', () => {
  const complete = (task: CompleteRequest<unknown>['task']) =>
    createOffline().complete({ task, messages: [], schema: z.unknown(), facts: {} }, { signal })

  it('is honest that it cannot see', async () => {
    await expect(complete('critique')).rejects.toMatchObject({
      class: 'unsupported',
      message: expect.stringContaining('cannot see'),
    })
  })

  it('does not pretend to write', async () => {
    await expect(complete('text')).rejects.toMatchObject({ class: 'unsupported' })
  })

  it('streams its advice', async () => {
    let streamed = ''
    const onText = (delta: string) => {
      streamed += delta
    }
    const provider = createOffline()
    const plan = await makePlan(
      { images: servers.sd, provider, signal, onText },
      { request: 'a castle', intent: 'txt2img' },
    )
    expect(streamed).toBe(plan.advice)
  })
})
