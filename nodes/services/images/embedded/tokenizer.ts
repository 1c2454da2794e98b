import { z } from 'zod'
import { badFolder, jsonIn, textIn } from './folder-files.ts'

/** Text to token ids, without the ones at begin and end. */
export interface Tokenizer {
  ids(text: string): number[]
  begin: number
  end: number
  /** What fills a chunk up. */
  pad: number
  /** The comma's id, where chunks are better cut. */
  comma?: number
  /** Most ids at once, begin and end included. */
  length: number
}

const Token = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
const Config = z.looseObject({
  model_max_length: z.number().optional(),
  bos_token: Token.nullish(),
  eos_token: Token.nullish(),
  pad_token: Token.nullish(),
  unk_token: Token.nullish(),
})
const Any = z.record(z.string(), z.unknown())

/** Reads `tokenizer/` of a model folder: tokenizer.json, else CLIP's vocab.json and merges.txt. */
export async function readTokenizer(folder: string, maxTokens = 77): Promise<Tokenizer> {
  const config = (await jsonIn(folder, 'tokenizer/tokenizer_config.json', Config)) ?? {}
  const whole = await jsonIn(folder, 'tokenizer/tokenizer.json', Any)
  const library = await import('@huggingface/tokenizers')
  const bpe = new library.Tokenizer(whole ?? (await clipTokenizer(folder)), config)
  const special = (name: string | null | undefined) => (name ? bpe.token_to_id(name) : undefined)
  const ends = bpe.encode('').ids
  const begin = special(config.bos_token) ?? ends[0]
  const end = special(config.eos_token) ?? ends[1]
  if (begin === undefined || end === undefined)
    throw badFolder(folder, 'tokenizer/tokenizer_config.json names no bos_token and eos_token')
  const unknown = special(config.unk_token)
  return {
    ids: (text) => {
      const ids: number[] = bpe.encode(text, { add_special_tokens: false }).ids
      return unknown === undefined || unknown === end ? ids : ids.filter((id) => id !== unknown)
    },
    begin,
    end,
    pad: special(config.pad_token) ?? end,
    comma: bpe.token_to_id(',</w>') ?? bpe.token_to_id(','),
    length: Math.min(config.model_max_length ?? maxTokens, maxTokens),
  }
}

/** CLIP's tokenizer as `tokenizers` describes it, from the older pair of files. */
async function clipTokenizer(folder: string): Promise<object> {
  const vocab = await jsonIn(folder, 'tokenizer/vocab.json', z.record(z.string(), z.int()))
  const merges = await textIn(folder, 'tokenizer/merges.txt')
  if (!vocab || merges === undefined)
    throw badFolder(folder, 'tokenizer has neither tokenizer.json nor vocab.json and merges.txt')
  return {
    version: '1.0',
    added_tokens: ['<|startoftext|>', '<|endoftext|>'].flatMap((content) => added(content, vocab[content])),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [clipSplit, byteLevel] },
    post_processor: null,
    decoder: null,
    model: {
      type: 'BPE',
      unk_token: '<|endoftext|>',
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges: merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version')),
    },
  }
}

/** The pattern of CLIP's `simple_tokenizer.py`. */
const clipSplit = {
  type: 'Split',
  pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
  behavior: 'Removed',
  invert: true,
}
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true }

function added(content: string, id: number | undefined) {
  if (id === undefined) return []
  return [{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: true, special: true }]
}
