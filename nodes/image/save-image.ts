import type { Context } from '../../runtime/define-node.ts'
import type { BlobRef } from '../../runtime/values.ts'
import { defineNode } from '../define.ts'
import { infotextOfTexts } from '../kinds/dialects.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { field, output } from '../kinds/fields.ts'
import { countsFiles, formatName, type NameParts } from '../kinds/format-name.ts'
import { type Infotext, printInfotext } from '../kinds/infotext.ts'
import { metadataOf } from '../kinds/picture-metadata.ts'
import { writePictureTexts } from '../kinds/picture-texts.ts'
import { isPng } from '../kinds/png.ts'
import { keepFile, outputFolder } from '../services/keep-file.ts'
import { textsOf } from '../services/picture-texts.ts'
import { decode, encode, type Format, formats } from '../services/pictures.ts'
import type { Services } from '../services/services.ts'

type Ctx = Context<Services>

interface Wanted {
  format: Format
  quality: number
  metadata: 'all' | 'parameters' | 'none'
}

export default defineNode({
  type: 'save-image',
  version: 1,
  title: 'Save image',
  category: 'image',
  aliases: ['save', 'export', 'write', 'file', 'png', 'saveimage'],
  summary: 'Writes pictures to files, with how they were made inside.',
  fields: {
    images: field.image({
      list: true,
      partial: true,
      wire: 'only',
      title: 'Images',
      help: 'The pictures to save. Those that could be made are saved even when others failed.',
    }),
    name: field.text({
      default: '{workflow}-{n:0000}',
      title: 'Name',
      help: 'File name without ending. {workflow} {date} {time} {seed} {model} {prompt} are filled in, {n:0000} counts. A "/" makes a folder. An existing file is not overwritten unless the command line asks for it: the next free number is taken.',
    }),
    folder: field.text({
      default: '',
      title: 'Folder',
      help: "Where to put them, from the run's output folder. Empty: that folder itself.",
      placeholder: 'the output folder',
    }),
    format: field.choice({
      choices: formats,
      labels: { png: 'PNG', webp: 'WebP', jpeg: 'JPEG' },
      default: 'png',
      title: 'Format',
      help: 'PNG loses nothing. WebP and JPEG are smaller; JPEG knows no transparency.',
    }),
    quality: field.integer({
      default: 90,
      min: 1,
      max: 100,
      widget: 'slider',
      fold: 'more',
      title: 'Quality',
      help: 'For WebP and JPEG: 100 is best and largest. WebP at 100 loses nothing.',
      noEffect: [{ when: { format: ['png'] }, reason: 'PNG always keeps everything.' }],
    }),
    metadata: field.choice({
      choices: ['all', 'parameters', 'none'],
      labels: { all: 'Parameters and workflow', parameters: 'Parameters', none: 'Nothing' },
      default: 'all',
      fold: 'more',
      title: 'Metadata',
      help: 'What the files tell about themselves: prompt and parameters as other programs read them, and the whole workflow, which makes the picture again with "planograph run picture.png".',
    }),
  },
  outputs: {
    images: output.list(output.image({ help: 'The same pictures, to go on with.' })),
    files: output.list(output.text({ help: 'Where they were written: absolute paths.' })),
  },
  cache: 'never',
  sink: true,
  uses: () => ({ pool: 'files' }),
  async run(ctx, { images, name, folder, ...wanted }) {
    const into = outputFolder(folder, ctx.services.files)
    const files: string[] = []
    for (const [done, image] of images.entries()) {
      ctx.progress({ value: done, total: images.length })
      files.push(await save(ctx, image, into, name, wanted))
    }
    return { images, files }
  },
  examples: [
    {
      title: 'The name is made from how the picture was made',
      values: { images: [examplePictures.house], name: '{model}/{prompt} {seed}' },
      check({ files }) {
        const [file = ''] = files
        if (!/planograph-demo[/\\]a red house on a hill, flat drawing 7\.png$/.test(file))
          throw new Error(`Unexpected file name ${file}`)
      },
    },
    {
      title: 'Two pictures get two numbers',
      values: { images: [examplePictures.house, examplePictures.badge], name: 'card-{n:00}', format: 'webp' },
      check({ files }) {
        const names = files.map((file) => file.split(/[/\\]/).at(-1))
        if (names.join() !== 'card-01.webp,card-02.webp') throw new Error(`Unexpected names ${names}`)
      },
    },
    {
      title: 'A name cannot lead out of the folder',
      values: { images: [examplePictures.house], name: '../{n}' },
      fails: 'leads out of the folder',
    },
  ],
})

async function save(ctx: Ctx, image: BlobRef, folder: string, name: string, wanted: Wanted): Promise<string> {
  const bytes = await ctx.blobs.read(image)
  const texts = textsOf(bytes)
  const infotext = infotextOfTexts(texts)
  const made = await fileBytes(ctx, bytes, wanted, texts.parameters ?? (infotext && printInfotext(infotext)))
  const parts = partsOf(ctx, infotext)
  const counts = countsFiles(name)
  const nameOf = (number: number) => {
    const path = formatName(name, parts, number)
    return `${counts || number === 1 ? path : `${path}-${number}`}.${wanted.format}`
  }
  const { replacing } = ctx.services.files
  return keepFile(folder, nameOf, made, { again: ctx.step.attempt > 1, replacing })
}

/** A PNG that stays one keeps its very pixels; "nothing" means that everything else goes too. */
async function fileBytes(
  ctx: Ctx,
  bytes: Uint8Array,
  { format, quality, metadata }: Wanted,
  parameters: string | undefined,
): Promise<Uint8Array> {
  const same = format === 'png' && metadata !== 'none' && isPng(bytes)
  const encoded = same ? bytes : await encode(await decode(bytes), format, quality)
  if (metadata === 'none') return encoded
  const planograph = metadata === 'all' ? ctx.run.workflow : undefined
  const written = writePictureTexts(encoded, { parameters, planograph })
  for (const text of written.leftOut) ctx.note(tooLarge[text])
  return written.bytes
}

const tooLarge = {
  parameters: 'The parameters are too long for a JPEG file and were left out. PNG and WebP can hold them.',
  planograph: 'The workflow is too large for a JPEG file and was left out. PNG and WebP can hold it.',
}

function partsOf(ctx: Ctx, infotext: Infotext | undefined): NameParts {
  const now = new Date(ctx.now())
  const two = (value: number) => String(value).padStart(2, '0')
  const { seed, model, prompt } = infotext ? metadataOf(infotext) : {}
  return {
    workflow: ctx.run.name || 'picture',
    date: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`,
    time: `${two(now.getHours())}-${two(now.getMinutes())}-${two(now.getSeconds())}`,
    seed,
    model: model
      ?.split(/[/\\]/)
      .at(-1)
      ?.replace(/\.(safetensors|ckpt|gguf)$/i, ''),
    prompt,
  }
}
