import type { Services } from '../../nodes/services/services.ts'
import type { Runtime } from '../../runtime/api.ts'
import type { Catalog } from '../../runtime/catalog.ts'
import type { Blobs } from '../../runtime/define-node.ts'
import { createRuntime } from '../../runtime/execute/runtime.ts'
import { collectGarbage, type Garbage, type GarbageOptions } from '../storage/collect-garbage.ts'
import { isAlive, thisProcess } from '../storage/holder.ts'
import { type HomeStorage, openStorage } from '../storage/open-storage.ts'
import { chance } from './chance.ts'
import type { Env } from './env.ts'
import { homeFolder } from './home.ts'
import { newId } from './new-id.ts'
import { programCatalog } from './nodes.ts'
import { createServices } from './services.ts'
import { readSettings, type Settings } from './settings.ts'
import { sha256 } from './sha256.ts'
import { storedBlobs } from './stored-blobs.ts'
import { systemClock } from './system-clock.ts'

export interface AppOptions {
  /** The home folder, as the person named it. */
  home?: string
  env: Env
  cwd: string
  /** Where nodes write files: an absolute folder. */
  out: string
  /** Nodes may replace files that are there. */
  overwrite?: boolean
}

/** The program over one home folder. */
export interface App {
  home: string
  settings: Settings
  catalog: Catalog
  services: Services
  storage: HomeStorage
  blobs: Blobs
  runtime: Runtime
  collectGarbage(options: GarbageOptions): Promise<Garbage>
  /** Parks what runs, then closes everything. */
  close(): Promise<void>
}

/**
 * Composes runtime, nodes, services and storage over a home folder. The folder is made and the database opened when
 * they are first used. @throws `invalid` with code `bad-settings`.
 */
export function openApp({ home: asked, env, cwd, out, overwrite }: AppOptions): App {
  const home = homeFolder(asked, env, cwd)
  const settings = readSettings(home)
  const catalog = programCatalog()
  const services = createServices(settings, { home, out, overwrite })
  const storage = openStorage(home)
  const blobs = storedBlobs(storage.blobs)
  const runtime = createRuntime({
    catalog,
    services,
    storage,
    blobs,
    hash: sha256,
    clock: systemClock,
    random: chance,
    newId: () => newId(Date.now(), chance),
    holder: thisProcess(),
    alive: (held) => isAlive(held, Date.now()),
    pools: settings.pools,
  })
  const close = async () => {
    await runtime.close()
    await services.images.close()
    await storage.close()
  }
  return {
    home,
    settings,
    catalog,
    services,
    storage,
    blobs,
    runtime,
    collectGarbage: (options) => collectGarbage(storage, options),
    close,
  }
}
