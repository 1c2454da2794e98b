#!/usr/bin/env node
import { main } from './main.ts'

const interrupted = new AbortController()

/** The first Ctrl-C cancels cleanly, the second ends the process at once. */
process.on('SIGINT', () => {
  if (interrupted.signal.aborted) process.exit(130)
  interrupted.abort()
})

// Whoever read our output has closed it, as `head` does: there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const { stdin, stdout, stderr, env } = process
const code = await main(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  signal: interrupted.signal,
})
// Everything is written and closed; a picture engine that idles in its own process need not be waited for.
process.stderr.write('', () => process.stdout.write('', () => process.exit(code)))
