import fc from 'fast-check'
import type { Json } from '../../../runtime/values.ts'
import type { Workflow } from '../../../runtime/workflow/schema.ts'

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/).filter((text) => text !== '__proto__')
const place = fc.tuple(
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
)
const json = fc
  .jsonValue()
  .filter((value) => !JSON.stringify(value).includes('__proto__'))
  .map((value): Json => JSON.parse(JSON.stringify(value)))
const extra = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,4}$/), json, { maxKeys: 2 })
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const node = fc
  .record({
    type: fc.stringMatching(/^[a-z]{1,6}$/),
    version: optional(fc.integer({ min: 1, max: 9 })),
    title: optional(fc.string()),
    at: optional(place),
    size: optional(place),
    collapsed: optional(fc.boolean()),
    mode: optional(fc.constantFrom('bypass' as const, 'mute' as const)),
    lists: optional(fc.constantFrom('together' as const, 'combine' as const)),
    values: optional(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), json, { maxKeys: 4 })),
  })
  .chain((known) => extra.map((more) => ({ ...more, ...known })))

const from = fc.tuple(id, id).map((parts) => parts.join('.'))
const to = fc.oneof(
  from,
  fc.tuple(id, id, id).map((parts) => parts.join('.')),
)
const edge = fc.record({ from, to, via: optional(fc.array(place, { maxLength: 3 })) })

/** Workflows of any shape that the format allows; they need make no sense. */
export const anyWorkflow: fc.Arbitrary<Workflow> = fc
  .record({
    id: optional(fc.stringMatching(/^[a-z]{1,9}$/)),
    name: optional(fc.string()),
    description: optional(fc.string()),
    nodes: fc.dictionary(id, node, { maxKeys: 6 }),
    edges: fc.array(edge, { maxLength: 6 }),
    frames: optional(
      fc.dictionary(id, fc.record({ at: place, size: place, title: optional(fc.string()) }), { maxKeys: 2 }),
    ),
    notes: optional(fc.dictionary(id, fc.record({ at: place, text: fc.string() }), { maxKeys: 2 })),
    inputs: optional(fc.dictionary(id, fc.record({ to, order: optional(fc.integer()) }), { maxKeys: 3 })),
    outputs: optional(fc.dictionary(id, fc.record({ from, title: optional(fc.string()) }), { maxKeys: 3 })),
  })
  .chain((known) => extra.map((more): Workflow => ({ ...more, planograph: 1, ...known })))

export const postcard = `{
  "planograph": 1,
  "id": "0b6f",
  "name": "Sunset postcard",
  "nodes": {
    "idea": { "type": "prompt", "version": 1, "at": [0, 0], "values": { "text": "a lighthouse at sunset" } },
    "ok": { "type": "review", "version": 1, "at": [640, 0], "values": { "ask": "Happy with this plan?" } },
    "plan": { "type": "llm-plan", "version": 1, "at": [320, 0] },
    "render": { "type": "txt2img", "version": 1, "at": [960, 0], "values": { "count": 4 } }
  },
  "edges": [
    { "from": "plan.plan", "to": "ok.value" },
    { "from": "idea.text", "to": "plan.request" },
    { "from": "ok.value", "to": "render.plan" }
  ],
  "inputs": {
    "idea": { "to": "idea.text", "title": "What to paint", "order": 1 }
  },
  "outputs": {
    "picture": { "from": "render.images" }
  }
}
`
