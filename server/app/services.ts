import { isAbsolute, join } from 'node:path'
import { createEmbedded } from '../../nodes/services/images/embedded/embedded.ts'
import { families } from '../../nodes/services/images/families.ts'
import { createImages } from '../../nodes/services/images/images.ts'
import { createOffline } from '../../nodes/services/llm/offline/offline.ts'
import type { Services } from '../../nodes/services/services.ts'
import { packageRoot } from './package.ts'
import type { Settings } from './settings.ts'

/** Model folders of the embedded engine: the person's own, then the demo model. Absolute. */
export function modelFolders({ models }: Settings, home: string): string[] {
  const own = models.map((folder) => (isAbsolute(folder) ? folder : join(home, folder)))
  return [...own, join(packageRoot(), 'models', 'planograph-demo')]
}

/** What nodes call. Nothing is started or read before a node asks for it. */
export function createServices(
  settings: Settings,
  folders: { home: string; out: string; overwrite?: boolean },
): Services {
  const { executionProviders, threads, allowPrivateUrls } = settings
  const embedded = createEmbedded({
    models: modelFolders(settings, folders.home),
    executionProviders,
    threads,
  })
  const images = createImages({ backends: [embedded], families: [...settings.families, ...families] })
  const offline = createOffline()
  return {
    images,
    llm: { planner: offline, iterator: offline },
    files: { out: folders.out, allowPrivateUrls, replacing: folders.overwrite ? new Set() : undefined },
  }
}
