import type { Engine } from './engine.ts'
import type { Identify } from './identity.ts'
import { Model } from './model.ts'
import type { ModelFolder } from './model-folder.ts'
import type { PreviewMap } from './preview.ts'
import { readTokenizer } from './tokenizer.ts'

/** A model that is ready to be used, and what was found out about it on the way. */
export interface Opened {
  /** sha256 of the files it was opened from. */
  identity: string
  model: Model
  preview?: PreviewMap
}

/** Models kept open at once. */
const KEPT = 2

/** The few models that were used last; the one used longest ago makes room. A changed folder is another model. */
export class Shelf {
  private readonly engine: Engine
  private readonly identify: Identify
  private readonly opened = new Map<string, Opened>()

  constructor(engine: Engine, identify: Identify) {
    this.engine = engine
    this.identify = identify
  }

  async open(about: ModelFolder): Promise<Opened> {
    const identity = await this.identify(about.folder)
    const key = `${about.folder} ${identity}`
    const opened = this.opened.get(key) ?? { identity, model: await this.create(about, key) }
    this.opened.delete(key)
    this.opened.set(key, opened)
    for (const [other, { model }] of [...this.opened].slice(0, -KEPT)) {
      this.opened.delete(other)
      await model.free()
    }
    return opened
  }

  private async create(about: ModelFolder, key: string): Promise<Model> {
    return new Model({
      engine: this.engine,
      about,
      key,
      tokenizer: await readTokenizer(about.folder, about.maxTokens),
    })
  }
}
