import { describe, expect, it } from 'vitest'
import { type FileJson, type Format, migrateFile } from '../../../runtime/workflow/migrate.ts'
import { parse } from '../../../runtime/workflow/parse.ts'
import { sample } from '../check/sample-catalog.ts'

describe('migrations of the file', () => {
  const format: Format = {
    version: 1,
    migrations: {
      0: ({ boxes, ...file }) => ({ ...file, nodes: boxes }),
    },
  }

  it('bring an older file forward before it is looked at', () => {
    const parsed = parse({ planograph: 0, boxes: { a: { type: 'text' } }, kept: true }, undefined, format)
    expect(parsed).toMatchObject({
      ok: true,
      workflow: { planograph: 1, nodes: { a: { type: 'text' } }, kept: true },
    })
  })

  it('go one version at a time', () => {
    const add = (name: string) => (file: FileJson) => ({ ...file, name: `${file.name}${name}` })
    const steps: Format = { version: 4, migrations: { 1: add('a'), 2: add('b'), 3: add('c') } }
    expect(migrateFile({ planograph: 2, name: '' }, steps)).toEqual({
      ok: true,
      file: { planograph: 4, name: 'bc' },
    })
  })

  it('refuse a version that nothing leads on from', () => {
    expect(parse({ planograph: 0, nodes: {} })).toMatchObject({
      ok: false,
      problems: [{ code: 'wrong-format', message: expect.stringContaining('format 0 is no longer read') }],
    })
  })

  it('that fail refuse the file with the reason', () => {
    const failing: Format = {
      version: 1,
      migrations: {
        0: () => {
          throw new Error('no boxes')
        },
      },
    }
    expect(parse({ planograph: 0 }, undefined, failing)).toMatchObject({
      ok: false,
      problems: [{ code: 'migration-failed', message: expect.stringContaining('no boxes') }],
    })
  })

  it.each([[1.5], ['1'], [null]])('refuse %j as a version', (planograph) => {
    expect(parse({ planograph, nodes: {} })).toMatchObject({
      ok: false,
      problems: [{ code: 'wrong-format' }],
    })
  })
})

describe('migrations of nodes', () => {
  const old = {
    planograph: 1,
    nodes: {
      t: { type: 'text' },
      p: { type: 'paint', values: { text: 'a cat', cfg: 3 } },
      b: { type: 'blur' },
    },
    edges: [
      { from: 'p.pictures', to: 'b.image' },
      { from: 't.text', to: 'p.text', via: [[1, 2]] },
    ],
    inputs: { wish: { to: 'p.text', title: 'Wish' } },
    outputs: { picture: { from: 'p.pictures' } },
  }

  it('bring values forward, and edges, inputs and outputs follow the renames', () => {
    const parsed = parse(old, sample)
    expect(parsed).toMatchObject({
      ok: true,
      workflow: {
        nodes: { p: { version: 3, values: { prompt: 'a cat', cfg: 3 } } },
        edges: [
          { from: 'p.images', to: 'b.image' },
          { from: 't.text', to: 'p.prompt', via: [[1, 2]] },
        ],
        inputs: { wish: { to: 'p.prompt', title: 'Wish' } },
        outputs: { picture: { from: 'p.images' } },
      },
    })
  })

  it('are told as warnings, for the nodes that changed only', () => {
    expect(parse(old, sample)).toMatchObject({
      warnings: [
        {
          severity: 'warning',
          code: 'migrated',
          node: 'p',
          message: expect.stringContaining('from version 1'),
        },
      ],
    })
  })

  it('begin at the version that the file names', () => {
    const parsed = parse(
      { planograph: 1, nodes: { p: { type: 'paint', version: 2, values: { text: 'kept' } } } },
      sample,
    )
    expect(parsed).toMatchObject({
      ok: true,
      workflow: { nodes: { p: { version: 3, values: { text: 'kept' } } } },
    })
  })

  it('leave nodes alone that are newer than what is installed', () => {
    const file = { planograph: 1, nodes: { p: { type: 'paint', version: 9, values: { new: 1 } } }, edges: [] }
    expect(parse(file, sample)).toEqual({ ok: true, workflow: file, warnings: [] })
  })

  it('are not done without a catalog', () => {
    expect(parse(old)).toMatchObject({ ok: true, workflow: { nodes: old.nodes, edges: old.edges } })
  })
})
