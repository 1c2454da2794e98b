import { PlanographError } from '../../runtime/errors.ts'

/** "name=value", split at the first "=": the value may hold more of them. */
export function parseAssignment(option: string, text: string): { name: string; value: string } {
  const at = text.indexOf('=')
  if (at > 0) return { name: text.slice(0, at).trim(), value: text.slice(at + 1) }
  throw new PlanographError('invalid', `${option} ${JSON.stringify(text)} has no value.`, {
    code: 'bad-assignment',
    hint: `Write it as ${option} name=value. Quote it when the value holds spaces.`,
  })
}
