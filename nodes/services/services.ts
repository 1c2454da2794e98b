import type { Files } from './files.ts'
import type { Images } from './images/images.ts'
import type { Llm } from './llm/llm.ts'

/** What nodes call, handed in by the program that composes them. */
export interface Services {
  images: Images
  llm: Llm
  files: Files
}
