import { PlanographError } from '../../../../runtime/errors.ts'
import { badFolder } from './folder-files.ts'
import type { Port, Ports } from './messages.ts'
import type { ModelFolder, PartName } from './model-folder.ts'

/** Inputs that a part must have; what else it may have; outputs by their usual names (else the first is taken). */
const expected: Record<PartName, { inputs: string[]; optional: string[]; outputs: string[] }> = {
  text_encoder: { inputs: ['input_ids'], optional: [], outputs: ['last_hidden_state'] },
  unet: {
    inputs: ['sample', 'timestep', 'encoder_hidden_states'],
    optional: ['timestep_cond'],
    outputs: ['out_sample', 'sample'],
  },
  vae_encoder: { inputs: ['sample'], optional: [], outputs: ['latent_sample', 'latent_parameters'] },
  vae_decoder: { inputs: ['latent_sample'], optional: [], outputs: ['sample'] },
}

/** Throws when a loaded part is not what its folder's name says, naming the part and what it has instead. */
export function checkPorts(model: ModelFolder, part: PartName, ports: Ports): void {
  const { inputs, optional } = expected[part]
  const names = ports.inputs.map(({ name }) => name)
  const missing = inputs.filter((name) => !names.includes(name))
  const foreign = names.filter((name) => ![...inputs, ...optional].includes(name))
  if (missing.length > 0)
    throw badFolder(
      model.folder,
      `${part}/model.onnx is not a ${part}: it has no input ${missing.join(', ')} (but ${names.join(', ')})`,
    )
  if (foreign.length > 0) throw foreignInputs(model, part, foreign)
  checkChannels(model, part, ports)
}

/** The port of an output, by its usual name. */
export function outputOf(part: PartName, ports: Ports): Port | undefined {
  const usual = expected[part].outputs
  return ports.outputs.find(({ name }) => usual.includes(name)) ?? ports.outputs[0]
}

export function inputOf(ports: Ports, name: string): Port | undefined {
  return ports.inputs.find((port) => port.name === name)
}

function foreignInputs(model: ModelFolder, part: PartName, names: readonly string[]): PlanographError {
  return new PlanographError(
    'unsupported',
    `The embedded engine cannot run ${model.folder}: its ${part} also wants ${names.join(', ')}.`,
    {
      code: 'model-kind',
      hint: 'Such inputs belong to SDXL, ControlNet and other kinds of models. Use a server for this one.',
    },
  )
}

function checkChannels(model: ModelFolder, part: PartName, ports: Ports): void {
  if (part !== 'unet' && part !== 'vae_decoder') return
  const name = part === 'unet' ? 'sample' : 'latent_sample'
  const channels = inputOf(ports, name)?.dims[1]
  if (typeof channels === 'number' && channels !== model.latentChannels)
    throw badFolder(
      model.folder,
      `${part}/model.onnx takes ${channels} latent channels, but its config.json says ${model.latentChannels}`,
    )
}
