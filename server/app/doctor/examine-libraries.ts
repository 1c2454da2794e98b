import { encode } from '../../../nodes/services/pictures.ts'
import { type Finding, findingFrom } from './finding.ts'

/** The native libraries that pictures need, by using them. ONNX Runtime is used by the look at the models. */
export async function examineLibraries(): Promise<Finding[]> {
  const pictures = await findingFrom('Pictures (sharp)', async () => {
    await encode({ width: 1, height: 1, channels: 1, data: new Uint8Array(1) })
    return 'They can be read and written.'
  })
  if (pictures.status === 'ok') return [pictures]
  return [
    {
      ...pictures,
      remedy: 'Run `npm ci` again on this machine: the library is built for each kind of machine.',
    },
  ]
}
