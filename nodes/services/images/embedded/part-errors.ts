import { PlanographError } from '../../../../runtime/errors.ts'
import type { EngineError } from './engine.ts'
import { badFolder } from './folder-files.ts'
import type { ModelFolder, PartName } from './model-folder.ts'

const noProvider = /execution ?provider|failed to load shared library|webgpu/i
const noRoom = /bad_alloc|failed to allocate|not enough memory/i

/** Why a part could not be loaded, from what ONNX Runtime says. */
export function unreadable(model: ModelFolder, part: PartName, error: EngineError): PlanographError {
  if (noRoom.test(error.message)) return noMemory(part)
  if (noProvider.test(error.message)) return providerMissing(error)
  return badFolder(model.folder, `${part}/model.onnx could not be loaded (${error.message})`)
}

/** Why a loaded part did not run. */
export function misfit(model: ModelFolder, part: PartName, error: EngineError): PlanographError {
  if (noRoom.test(error.message)) return noMemory(part)
  return badFolder(
    model.folder,
    `${part}/model.onnx failed on the size asked for (${error.message})`,
    'Try the size the model was made for; if that fails too, its parts do not belong together.',
  )
}

function noMemory(part: PartName): PlanographError {
  return new PlanographError('out-of-memory', `There was not enough memory to run the ${part}.`, {
    hint: 'Take a smaller size or a smaller model, or close other programs.',
  })
}

function providerMissing(error: EngineError): PlanographError {
  return new PlanographError('invalid', `ONNX Runtime cannot use the execution provider: ${error.message}.`, {
    code: 'execution-provider',
    hint: 'Install the libraries it needs, or set the execution providers to cpu.',
  })
}
