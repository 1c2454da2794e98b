import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Env } from './env.ts'

/** The home folder: as asked for, else PLANOGRAPH_HOME, else ~/.planograph. Absolute. */
export function homeFolder(asked: string | undefined, env: Env, cwd: string): string {
  const named = asked ?? env.PLANOGRAPH_HOME
  return named ? resolve(cwd, named) : join(homedir(), '.planograph')
}
