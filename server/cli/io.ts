import type { Env } from '../app/env.ts'

export type Out = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

/** Everything the command line touches besides files, handed in so that tests can own it. */
export interface Io {
  stdout: Out
  stderr: Out
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  env: Env
  cwd: string
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal
}

/** Whether a person sits in front of it and can be asked. */
export function isInteractive({ stdin, stderr, env }: Io): boolean {
  return Boolean(stdin.isTTY && stderr.isTTY) && env.TERM !== 'dumb' && !env.CI
}

/** Writes lines to stderr: everything that is not the result. */
export function say(io: Io, ...lines: string[]): void {
  for (const line of lines) io.stderr.write(`${line}\n`)
}

/** Writes lines to stdout: the result. */
export function answer(io: Io, ...lines: string[]): void {
  for (const line of lines) io.stdout.write(`${line}\n`)
}
