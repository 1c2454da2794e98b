import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pngSize } from '../../nodes/kinds/png.ts'
import type { RunHandle, RunView } from '../../runtime/api.ts'
import { check } from '../../runtime/check/check.ts'
import { isBlobRef } from '../../runtime/values.ts'
import { parse } from '../../runtime/workflow/parse.ts'
import { print } from '../../runtime/workflow/print.ts'
import type { Workflow } from '../../runtime/workflow/schema.ts'
import { programCatalog } from '../../server/app/nodes.ts'
import { hasDemoModel, makeServices } from '../nodes/make-services.ts'
import { makeRuntime } from '../tools/engine.ts'

const folder = new URL('../../workflows/', import.meta.url)
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -5))
const textOf = (name: string) => readFileSync(new URL(`${name}.json`, folder), 'utf8')

function read(name: string): Workflow {
  const parsed = parse(textOf(name))
  if (parsed.ok) return parsed.workflow
  throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
}

const services = makeServices(tmpdir())
const catalog = programCatalog()
const runtime = makeRuntime([], { catalog, services })

afterAll(async () => {
  await runtime.close()
  await services.images.close()
})

/** Approves every review until nothing waits any more. */
async function finish(run: RunHandle): Promise<RunView> {
  for (;;) {
    const view = await run.idle()
    const open = view.reviews.filter(({ decision }) => decision === undefined)
    if (view.status !== 'waiting' || open.length === 0) return view
    for (const { id } of open) await run.decide(id, { kind: 'approve' })
  }
}

describe.each(names)('the workflow %s', (name) => {
  it('is printed canonically', () => {
    expect(textOf(name)).toBe(print(read(name)))
  })

  it('says what it is for, what goes in and what comes out', () => {
    const { id, description, inputs = {}, outputs = {} } = read(name)
    expect(id).toBe(name)
    expect(description?.length).toBeGreaterThan(40)
    expect(Object.keys(inputs).length).toBeGreaterThan(0)
    expect(Object.keys(outputs)).toContain('picture')
  })

  it('leaves backend, checkpoint and seed open', () => {
    const set = Object.values(read(name).nodes).flatMap(({ values = {} }) => Object.keys(values))
    expect(set).not.toEqual(expect.arrayContaining(['backend']))
    expect(set).not.toEqual(expect.arrayContaining(['model']))
    expect(set).not.toEqual(expect.arrayContaining(['seed']))
  })

  it('has no problems', () => {
    expect(check(read(name), catalog.data)).toEqual([])
  })
})

describe.skipIf(!hasDemoModel)('with the demo model', () => {
  const views = new Map<string, RunView>()

  beforeAll(async () => {
    for (const name of names) views.set(name, await finish(await runtime.start(read(name))))
  }, 300_000)

  it.each(names)('%s paints pictures, without remarks on unknown words', async (name) => {
    const view = views.get(name)
    expect(view?.steps.flatMap(({ failure }) => failure ?? [])).toEqual([])
    expect(view?.status).toBe('done')
    const pictures = [view?.outputs.picture].flat()
    expect(pictures.length).toBeGreaterThan(0)
    for (const picture of pictures) {
      const bytes = isBlobRef(picture) ? await runtime.storage.blobs.get(picture.blob) : undefined
      expect(bytes && pngSize(bytes)?.width).toBeGreaterThanOrEqual(256)
    }
    expect(view?.steps.flatMap(({ notes }) => notes)).toEqual([])
  })

  it('variations makes two pictures of each prompt and enlarges the chosen ones', () => {
    const view = views.get('variations')
    expect(view?.outputs.all).toHaveLength(6)
    expect(view?.outputs.picture).toMatchObject([{ width: 512 }, { width: 512 }, { width: 512 }])
  })

  it('plan-review-picture asks twice', () => {
    expect(views.get('plan-review-picture')?.reviews.map(({ node }) => node)).toEqual(['ok', 'pick'])
  })
})
