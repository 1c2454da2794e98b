import type { Shape } from './random-shapes.ts'

/** Words that the tiny tokenizer knows, from id 4 on. */
const tinyWords = ['a', 'house', 'red', 'blue', 'tree', 'at', 'night', 'sea', 'the', ',', 'cat', 'very']

export function wordTokenizer({ tokens }: Shape): { [file: string]: object } {
  const names = ['<pad>', '<bos>', '<eos>', '<unk>', ...tinyWords]
  return {
    'tokenizer/tokenizer.json': {
      version: '1.0',
      added_tokens: names.slice(0, 4).map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'Whitespace' },
      post_processor: null,
      decoder: null,
      model: {
        type: 'WordLevel',
        unk_token: '<unk>',
        vocab: Object.fromEntries(names.map((name, id) => [name, id])),
      },
    },
    'tokenizer/tokenizer_config.json': {
      model_max_length: tokens,
      bos_token: '<bos>',
      eos_token: '<eos>',
      pad_token: '<pad>',
      unk_token: '<unk>',
    },
  }
}

/** CLIP's byte alphabet with a few merges; the ids at the end are where SD 1.5 has them. */
export function clipTokenizer({ words, tokens }: Shape): { [file: string]: object | string } {
  const letters = byteAlphabet()
  const merges = [
    't h',
    'th e</w>',
    'c a',
    'ca t</w>',
    'h o',
    'ho u',
    's e</w>',
    'hou se</w>',
    'r e',
    're d</w>',
    'i n',
    'in g</w>',
  ]
  const all = [
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    ...merges.map((pair) => pair.replace(' ', '')),
  ]
  const vocab: { [token: string]: number } = Object.fromEntries(all.map((token, id) => [token, id]))
  vocab['<|startoftext|>'] = Math.max(words - 2, all.length)
  vocab['<|endoftext|>'] = Math.max(words - 1, all.length + 1)
  const special = {
    bos_token: '<|startoftext|>',
    eos_token: '<|endoftext|>',
    unk_token: '<|endoftext|>',
    pad_token: '<|endoftext|>',
  }
  return {
    'tokenizer/vocab.json': vocab,
    'tokenizer/merges.txt': ['#version: 0.2', ...merges, ''].join('\n'),
    'tokenizer/tokenizer_config.json': {
      model_max_length: tokens,
      tokenizer_class: 'CLIPTokenizer',
      ...special,
    },
  }
}

/** The printable stand-ins for bytes of GPT-2's `bytes_to_unicode`, in its order. */
function byteAlphabet(): string[] {
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const printable = [...range(33, 126), ...range(161, 172), ...range(174, 255)]
  const others = range(0, 255).filter((byte) => !printable.includes(byte))
  return [...printable, ...others.map((_, i) => 256 + i)].map((code) => String.fromCharCode(code))
}
