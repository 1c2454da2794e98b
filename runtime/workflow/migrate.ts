import type { Json } from '../values.ts'
import { formatVersion } from './schema.ts'

export type FileJson = { [key: string]: Json | undefined }

/** The format that a program writes, and how older files are brought to it. */
export interface Format {
  version: number
  /** From version n to n+1, by n. Pure; `planograph` is set by the caller. */
  migrations: { readonly [fromVersion: number]: (file: FileJson) => FileJson }
}

/** This program's format. Version 1 is the first, so there is nothing to bring forward yet. */
export const currentFormat: Format = { version: formatVersion, migrations: {} }

export type Migration = { ok: true; file: FileJson } | { ok: false; reason: string; hint: string }

/** Brings a file forward, one version at a time. */
export function migrateFile(file: FileJson, format: Format = currentFormat): Migration {
  const version = file.planograph
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 0)
    return {
      ok: false,
      reason:
        version === undefined ? 'it has no "planograph" version' : '"planograph" is not a version number',
      hint: `A workflow file begins with "planograph": ${format.version}. If this is a workflow of another program, import it instead.`,
    }
  if (version > format.version)
    return {
      ok: false,
      reason: `it was made by a newer Planograph (format ${version}, this one reads up to ${format.version})`,
      hint: 'Update Planograph, then open it again.',
    }
  let migrated = file
  for (let at = version; at < format.version; at++) {
    const step = format.migrations[at]
    if (!step)
      return {
        ok: false,
        reason: `its format ${at} is no longer read`,
        hint: 'Open it with an older Planograph and save it there.',
      }
    migrated = { ...step(migrated), planograph: at + 1 }
  }
  return { ok: true, file: migrated }
}
