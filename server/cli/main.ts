import { CommanderError } from 'commander'
import { PlanographError } from '../../runtime/errors.ts'
import { errorExitCode, exitCodes } from './exit-code.ts'
import type { Io } from './io.ts'
import { createProgram } from './program.ts'
import { showError } from './show-error.ts'

/** The command line: arguments as typed after `planograph`. Answers the exit code; throws nothing. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.done
  // Timers of the engine do not keep the process alive: as long as a command works, this does.
  const alive = setInterval(() => {}, 1 << 30)
  try {
    const program = createProgram(io, (answered) => {
      code = answered
    })
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    showError(error, io, argv.includes('--json') || argv.includes('--ndjson'))
    return error instanceof PlanographError ? errorExitCode(error.class) : exitCodes.failed
  } finally {
    clearInterval(alive)
  }
}
