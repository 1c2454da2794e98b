import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rasterise } from '../../../nodes/kinds/rasterise.ts'
import { DrawnMask, Stroke, type StrokePoint } from '../../../nodes/kinds/strokes.ts'

const side = 48
const stroke = (tool: Stroke['tool'], points: StrokePoint[], options: Partial<Stroke> = {}): Stroke =>
  Stroke.parse({ tool, points, ...options })
const draw = (...strokes: Stroke[]) => rasterise({ size: [side, side], strokes })
const at = (grey: Uint8Array, x: number, y: number) => grey[y * side + x]
const area = (grey: Uint8Array) => grey.reduce((sum, value) => sum + value / 255, 0)

const points = fc.array(
  fc.tuple(
    fc.double({ min: -20, max: 70, noNaN: true }),
    fc.double({ min: -20, max: 70, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  { minLength: 1, maxLength: 6 },
)
const anyStroke = fc.record({
  tool: fc.constantFrom<Stroke['tool']>('brush', 'eraser', 'lasso', 'rectangle', 'ellipse', 'fill'),
  points,
  size: fc.double({ min: 0.1, max: 60, noNaN: true }),
  hardness: fc.double({ min: 0, max: 1, noNaN: true }),
  opacity: fc.double({ min: 0, max: 1, noNaN: true }),
})

describe('a drawn mask', () => {
  test('is black before anything is drawn', () => {
    expect(draw().every((value) => value === 0)).toBe(true)
  })

  test('has a dot of the area of its circle', () => {
    expect(area(draw(stroke('brush', [[24, 24]], { size: 20 })))).toBeCloseTo(Math.PI * 100, -1)
  })

  test('is full along the middle of a line and empty beyond its radius', () => {
    const line = draw(
      stroke(
        'brush',
        [
          [8, 24.5],
          [40, 24.5],
        ],
        { size: 10 },
      ),
    )
    expect([at(line, 8, 24), at(line, 24, 24), at(line, 39, 24)]).toEqual([255, 255, 255])
    expect([at(line, 24, 17), at(line, 24, 32), at(line, 1, 24)]).toEqual([0, 0, 0])
  })

  test('has no hole where a path turns', () => {
    const corner = draw(
      stroke(
        'brush',
        [
          [10, 10],
          [38, 10],
          [38, 38],
        ],
        { size: 8 },
      ),
    )
    for (const [x, y] of [
      [38, 10],
      [37, 9],
      [38, 24],
    ] as const)
      expect(at(corner, x, y)).toBe(255)
  })

  test('thins with pressure', () => {
    const line = draw(
      stroke(
        'brush',
        [
          [8, 24, 1],
          [40, 24, 0.2],
        ],
        { size: 20 },
      ),
    )
    expect(at(line, 10, 31)).toBe(255)
    expect(at(line, 38, 31)).toBe(0)
  })

  test('falls off softly from the hardness to the radius', () => {
    const soft = draw(stroke('brush', [[24.5, 24.5]], { size: 40, hardness: 0.5 }))
    const ray = Array.from({ length: 24 }, (_, d) => at(soft, 24 + d, 24) ?? 0)
    expect(ray.slice(0, 11).every((value) => value === 255)).toBe(true)
    expect(ray.slice(20).every((value) => value === 0)).toBe(true)
    expect(ray.every((value, d) => d === 0 || value <= (ray[d - 1] ?? 0))).toBe(true)
    expect(ray[15]).toBe(128)
  })

  test('gets no denser where a stroke crosses itself', () => {
    const cross = draw(
      stroke(
        'brush',
        [
          [8, 8],
          [40, 40],
          [40, 8],
          [8, 40],
        ],
        { opacity: 0.5, size: 6 },
      ),
    )
    expect(Math.max(...cross)).toBe(128)
  })

  test('gets denser where a second stroke lies over the first', () => {
    const dot = stroke('brush', [[24, 24]], { opacity: 0.5 })
    expect(at(draw(dot, dot), 24, 24)).toBe(192)
  })

  test('loses what an eraser goes over', () => {
    const grey = draw(
      stroke('rectangle', [
        [4, 4],
        [44, 44],
      ]),
      stroke(
        'eraser',
        [
          [24, 0],
          [24, 48],
        ],
        { size: 10 },
      ),
    )
    expect([at(grey, 24, 24), at(grey, 10, 24), at(grey, 38, 24)]).toEqual([0, 255, 255])
  })

  test('takes a shape away when it erases', () => {
    const all = stroke('rectangle', [
      [0, 0],
      [side, side],
    ])
    expect(
      area(
        draw(
          all,
          stroke(
            'ellipse',
            [
              [0, 0],
              [side, side],
            ],
            { erase: true },
          ),
        ),
      ),
    ).toBeCloseTo(side * side * (1 - Math.PI / 4), -1)
  })

  test('has rectangles exact to the part of a pixel', () => {
    const grey = draw(
      stroke('rectangle', [
        [4.5, 6],
        [10, 8.25],
      ]),
    )
    expect([at(grey, 4, 6), at(grey, 5, 6), at(grey, 9, 7), at(grey, 10, 7)]).toEqual([128, 255, 255, 0])
    expect(area(grey)).toBeCloseTo(5.5 * 2.25, 1)
  })

  test('has the same rectangle whichever corners were dragged', () => {
    const a: StrokePoint = [30.2, 5]
    const b: StrokePoint = [7, 40.9]
    expect(draw(stroke('rectangle', [a, b]))).toEqual(draw(stroke('rectangle', [b, a])))
  })

  test('has ellipses of the right area', () => {
    expect(
      area(
        draw(
          stroke('ellipse', [
            [4, 10],
            [44, 30],
          ]),
        ),
      ),
    ).toBeCloseTo(Math.PI * 20 * 10, -1)
  })

  test('fills a lasso, also where it crosses itself the same way round', () => {
    const square = draw(
      stroke('lasso', [
        [10, 10],
        [30, 10],
        [30, 30],
        [10, 30],
      ]),
    )
    expect(area(square)).toBeCloseTo(400, 5)
    const twice = draw(
      stroke('lasso', [
        [10, 10],
        [30, 10],
        [30, 30],
        [10, 30],
        [10, 10],
        [30, 10],
        [30, 30],
        [10, 30],
      ]),
    )
    expect(twice).toEqual(square)
  })

  test('fills up to a drawn outline without a seam and no further', () => {
    const ring: StrokePoint[] = [
      [10, 10],
      [38, 10],
      [38, 38],
      [10, 38],
      [10, 10],
    ]
    const grey = draw(stroke('brush', ring, { size: 5 }), stroke('fill', [[24, 24]]))
    for (let y = 9; y < 39; y++) for (let x = 9; x < 39; x++) expect(at(grey, x, y)).toBe(255)
    expect(at(grey, 3, 3)).toBe(0)
  })

  test('fills everything when nothing bounds it', () => {
    expect(area(draw(stroke('fill', [[0, 0]])))).toBe(side * side)
  })

  test('ignores what lies outside of it', () => {
    expect(
      area(
        draw(
          stroke('fill', [[-1, 5]]),
          stroke('brush', [
            [500, 500],
            [900, 900],
          ]),
        ),
      ),
    ).toBe(0)
  })

  test('is the same however often it is drawn, and every drawing has its size', () => {
    fc.assert(
      fc.property(fc.array(anyStroke, { maxLength: 4 }), (strokes) => {
        const grey = draw(...strokes)
        expect(grey.length).toBe(side * side)
        expect(draw(...strokes)).toEqual(grey)
      }),
    )
  })

  test('only grows by strokes that add and only shrinks by strokes that erase', () => {
    fc.assert(
      fc.property(anyStroke, anyStroke, (first, second) => {
        const before = draw(first)
        const after = draw(first, second)
        const erases = second.tool === 'eraser'
        expect(
          after.every((value, i) => (erases ? value <= (before[i] ?? 0) : value >= (before[i] ?? 0))),
        ).toBe(true)
      }),
    )
  })

  test('is moved with its strokes by whole pixels', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Stroke['tool']>('brush', 'lasso', 'rectangle', 'ellipse'),
        fc.array(fc.tuple(fc.integer({ min: 10, max: 30 }), fc.integer({ min: 10, max: 30 })), {
          minLength: 1,
          maxLength: 5,
        }),
        (tool, path) => {
          const still = draw(stroke(tool, path, { size: 6 }))
          const moved = draw(
            stroke(
              tool,
              path.map(([x, y]) => [x + 3, y + 2]),
              { size: 6 },
            ),
          )
          for (let y = 0; y < side - 2; y++)
            for (let x = 0; x < side - 3; x++)
              expect(Math.abs((at(moved, x + 3, y + 2) ?? 0) - (at(still, x, y) ?? 0))).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('keeps its bytes: keys of cached results hang on them', () => {
    const grey = draw(
      stroke(
        'brush',
        [
          [5, 5, 0.3],
          [20.25, 30.5, 1],
          [44, 12, 0.7],
        ],
        { size: 9, hardness: 0.4, opacity: 0.8 },
      ),
      stroke('lasso', [
        [30, 30],
        [46.5, 33],
        [35, 47],
      ]),
      stroke('ellipse', [
        [2, 28],
        [17.3, 45.1],
      ]),
      stroke(
        'eraser',
        [
          [0, 40],
          [48, 20],
        ],
        { size: 4 },
      ),
    )
    expect(createHash('sha256').update(grey).digest('hex')).toMatchInlineSnapshot(
      `"2221817824d656b8763e50eb688f20511d1092355d9ee8d6e153c45a9f373984"`,
    )
  })

  test('is refused when it is larger than any picture', () => {
    expect(DrawnMask.safeParse({ size: [30_000, 30_000], strokes: [] }).success).toBe(false)
  })
})
