import { resolve } from 'node:path'
import type { App } from '../../app/open-app.ts'
import type { Io } from '../io.ts'

/** Opens the program over the home folder for one command, and closes it whatever happens. */
export async function withApp<T>(
  { home, out = 'out', overwrite }: { home?: string; out?: string; overwrite?: boolean },
  io: Io,
  work: (app: App) => Promise<T>,
): Promise<T> {
  const { openApp } = await import('../../app/open-app.ts')
  const app = openApp({ home, env: io.env, cwd: io.cwd, out: resolve(io.cwd, out), overwrite })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}
