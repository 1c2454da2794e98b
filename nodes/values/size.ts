import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'
import { ranges } from '../kinds/plan.ts'

const sizes: Readonly<Record<string, readonly [number, number]>> = {
  '256×256, demo model': [256, 256],
  '512×512, SD 1.5': [512, 512],
  '768×512, SD 1.5 wide': [768, 512],
  '1024×1024, SDXL': [1024, 1024],
  '1152×896, SDXL 9:7': [1152, 896],
  '1216×832, SDXL 3:2': [1216, 832],
  '1344×768, SDXL 16:9': [1344, 768],
  '1536×640, SDXL 21:9': [1536, 640],
}

const custom = [
  { when: { preset: Object.keys(sizes) }, reason: 'The preset decides. Choose "custom" to set it.' },
]
const side = { ...ranges.size, default: 512, unit: 'px', noEffect: custom } as const

export default defineNode({
  type: 'size',
  version: 1,
  title: 'Size',
  category: 'values',
  aliases: [
    'width',
    'height',
    'resolution',
    'aspect ratio',
    'format',
    'empty latent',
    'dimensions',
    'portrait',
    'landscape',
  ],
  summary: 'Width and height, from a list of sizes that models are at ease with.',
  fields: {
    preset: field.choice({
      choices: ['custom', ...Object.keys(sizes)],
      default: 'custom',
      help: 'A size that models were trained on, or your own.',
    }),
    width: field.integer({ ...side, help: 'Your own width in pixels.' }),
    height: field.integer({ ...side, help: 'Your own height in pixels.' }),
    swap: field.boolean({
      default: false,
      help: 'Width becomes height and height width: portrait instead of landscape.',
    }),
  },
  outputs: {
    width: output.integer({ help: 'Width in pixels.' }),
    height: output.integer({ help: 'Height in pixels.' }),
  },
  cache: 'always',
  run(_ctx, { preset, width, height, swap }) {
    const [across, up] = sizes[preset] ?? [width, height]
    return swap ? { width: up, height: across } : { width: across, height: up }
  },
  examples: [
    { title: 'SDXL, wide', values: { preset: '1216×832, SDXL 3:2' }, outputs: { width: 1216, height: 832 } },
    {
      title: 'The same, upright',
      values: { preset: '1216×832, SDXL 3:2', swap: true },
      outputs: { width: 832, height: 1216 },
    },
    { title: 'Your own', values: { width: 640, height: 384 }, outputs: { width: 640, height: 384 } },
  ],
})
