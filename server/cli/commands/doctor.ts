import { examine } from '../../app/doctor/examine.ts'
import type { Finding } from '../../app/doctor/finding.ts'
import { exitCodes } from '../exit-code.ts'
import { answer, type Io, isInteractive } from '../io.ts'
import { type Style, styleFor } from '../render/style.ts'
import { pictureProtocol } from '../render/terminal-picture.ts'
import { printable } from '../render/text-width.ts'
import type * as Options from './options.ts'

/** `planograph doctor`: exit 1 when something keeps runs from working. */
export async function doctor(options: Options.Home, io: Io): Promise<number> {
  const findings = [...(await examine({ home: options.home, env: io.env, cwd: io.cwd })), terminal(io)]
  if (options.json) answer(io, JSON.stringify(findings, null, 2))
  else answer(io, ...findings.flatMap((finding) => findingLines(finding, styleFor(io.stdout, io.env))))
  return findings.some(({ status }) => status === 'fail') ? exitCodes.failed : exitCodes.done
}

function findingLines({ name, status, message, remedy }: Finding, style: Style): string[] {
  const mark = { ok: style.green('✓'), warn: style.yellow('!'), fail: style.red('✗') }[status]
  return [
    `${mark} ${style.bold(name)}  ${printable(message)}`,
    ...(remedy ? [`  ${style.dim(printable(remedy))}`] : []),
  ]
}

function terminal(io: Io): Finding {
  if (!isInteractive(io))
    return {
      name: 'Terminal',
      status: 'ok',
      message: 'None: reviews wait to be answered with `planograph resume`.',
    }
  const pictures = pictureProtocol(io.env)
    ? 'and shows pictures'
    : 'but shows no pictures: their paths are printed'
  return { name: 'Terminal', status: 'ok', message: `It can ask for decisions ${pictures}.` }
}
