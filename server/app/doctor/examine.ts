import type { Env } from '../env.ts'
import { homeFolder } from '../home.ts'
import { modelFolders } from '../services.ts'
import { readSettings, Settings } from '../settings.ts'
import { examineHome } from './examine-home.ts'
import { examineLibraries } from './examine-libraries.ts'
import { examineModel } from './examine-model.ts'
import { type Finding, findingFrom } from './finding.ts'

/** Looks at everything that a run needs. Changes nothing, and throws nothing. */
export async function examine(options: { home?: string; env: Env; cwd: string }): Promise<Finding[]> {
  const home = homeFolder(options.home, options.env, options.cwd)
  let settings = Settings.parse({})
  const settingsFinding = await findingFrom('Settings', async () => {
    settings = readSettings(home)
    return 'They can be read.'
  })
  const models = modelFolders(settings, home)
  return [
    nodeVersion(process.versions.node),
    ...(await examineHome(home)),
    settingsFinding,
    ...(await examineLibraries()),
    ...(await Promise.all(models.map(examineModel))),
  ]
}

/** The oldest Node.js that is supported: 20.19. */
export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < 20 || (major === 20 && minor < 19)
  const name = 'Node.js'
  if (!isOld) return { name, status: 'ok', message: `Version ${version}.` }
  return {
    name,
    status: 'fail',
    message: `Version ${version} is too old.`,
    remedy: 'Install Node.js 20.19 or newer.',
  }
}
