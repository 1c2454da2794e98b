import { isJpeg } from '../../../nodes/kinds/jpeg.ts'
import { isPng } from '../../../nodes/kinds/png.ts'
import { isWebp } from '../../../nodes/kinds/webp.ts'
import { textsOf } from '../../../nodes/services/picture-texts.ts'
import { PlanographError } from '../../../runtime/errors.ts'

/** Whether a file is a picture that can carry a workflow. */
export function isPicture(bytes: Uint8Array): boolean {
  return isPng(bytes) || isJpeg(bytes) || isWebp(bytes)
}

/** The workflow that a picture carries. @throws `invalid` with code `no-workflow`, telling what it does say. */
export function workflowInPicture(bytes: Uint8Array, name: string): string {
  const { planograph, parameters } = textsOf(bytes)
  if (planograph !== undefined) return planograph
  throw new PlanographError('invalid', `The picture ${name} carries no workflow.`, {
    code: 'no-workflow',
    hint:
      parameters === undefined
        ? 'Only pictures that Planograph wrote with their metadata carry one.'
        : `It only says how it was made: "${firstLines(parameters)}". Put these into a workflow to make one like it.`,
  })
}

function firstLines(infotext: string): string {
  const text = infotext.trim().replaceAll(/\s*\n\s*/g, ' / ')
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
