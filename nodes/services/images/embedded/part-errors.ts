import { PlanographError } from '../../../../runtime/errors.ts'
import type { EngineError } from './engine.ts'
import { badFolder } from './folder-files.ts'
import type { ModelFolder, PartName } from './model-folder.ts'

const noRoom = /bad_alloc|failed to allocate|not enough memory/i

/** Why a part could not be loaded, from what ONNX Runtime says. */
export function unreadable(model: ModelFolder, part: PartName, error: EngineError): PlanographError {
  if (noRoom.test(error.message)) return noMemory(part)
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
