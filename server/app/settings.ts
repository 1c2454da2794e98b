import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Family } from '../../nodes/services/images/families.ts'
import { PlanographError } from '../../runtime/errors.ts'

/** settings.json in the home folder. Everything in it may be left out. */
export const Settings = z.strictObject({
  /** Folders of models in the diffusers ONNX layout, for the embedded engine. Relative ones lie in the home folder. */
  models: z.array(z.string().min(1)).default([]),
  /** ONNX Runtime's execution providers, in the order they are tried. */
  executionProviders: z.array(z.string().min(1)).min(1).default(['cpu']),
  /** Threads of the embedded engine; absent: as many as the machine runs at once. */
  threads: z.int().min(1).max(1024).optional(),
  /** Rows of the table of model families, before the ones that ship: the first that fits a model wins. */
  families: z.array(Family).default([]),
  /** Steps at once, by pool. */
  pools: z.record(z.string(), z.int().min(1).max(1000)).default({}),
  /** Whether nodes may read URLs in private networks and on this machine. */
  allowPrivateUrls: z.boolean().default(false),
})
export type Settings = z.infer<typeof Settings>

/** @throws `invalid` with code `bad-settings`, naming the place in the file. */
export function readSettings(home: string): Settings {
  const path = join(home, 'settings.json')
  const text = textOf(path)
  if (text === undefined) return Settings.parse({})
  const settings = Settings.safeParse(parsed(text, path))
  if (settings.success) return settings.data
  throw broken(path, settings.error.issues.map(issueText).join('; '))
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return
    throw broken(path, error instanceof Error ? error.message : String(error))
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw broken(path, `it is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const issueText = ({ path, message }: { path: PropertyKey[]; message: string }) =>
  path.length > 0 ? `at ${path.map(String).join('.')}: ${message}` : message

function broken(path: string, what: string): PlanographError {
  return new PlanographError('invalid', `The settings cannot be read: ${what}.`, {
    code: 'bad-settings',
    hint: `Correct ${path}, or remove it to start from the defaults.`,
  })
}
