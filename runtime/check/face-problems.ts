import { fieldAddress, outputAddress } from '../graph/address.ts'
import type { CatalogFacts, NodeFacts } from '../graph/facts.ts'
import { suggestion } from '../nearest.ts'
import { own } from '../own.ts'
import type { Problem } from '../problem.ts'
import type { Workflow } from '../workflow/schema.ts'

type Finding = Pick<Problem, 'message' | 'hint'> & Partial<Problem>

/** What is wrong with the declared inputs and outputs: the workflow's public face. */
export function faceProblems(
  workflow: Workflow,
  catalog: CatalogFacts,
  isMade: (output: string) => boolean,
): Problem[] {
  const wired = new Set(workflow.edges.map((edge) => edge.to))
  const inputs = Object.entries(workflow.inputs ?? {}).map(([name, { to }]) => ({
    place: `inputs.${name}`,
    ...inputFinding(`The input "${name}"`, to, workflow, catalog, wired),
  }))
  const outputs = Object.entries(workflow.outputs ?? {}).map(([name, { from }]) => ({
    place: `outputs.${name}`,
    ...outputFinding(`The output "${name}"`, from, workflow, catalog, isMade(name)),
  }))
  return [...inputs, ...outputs].flatMap(({ message, hint, ...rest }) =>
    message && hint ? [{ severity: 'error', code: 'points-nowhere', message, hint, ...rest }] : [],
  )
}

function inputFinding(
  what: string,
  to: string,
  workflow: Workflow,
  catalog: CatalogFacts,
  wired: ReadonlySet<string>,
): Finding | undefined {
  const { node: id, field: key, name } = fieldAddress(to)
  const definition = definitionAt(what, id, workflow, catalog)
  if (!definition || 'message' in definition) return definition
  const field = own(definition.fields, key)
  if (!field)
    return {
      message: `${what} sets "${to}", but "${id}" (${definition.title}) has no field "${key}".`,
      hint: suggestion(key, Object.keys(definition.fields), 'Let it set another field, or remove the input.'),
    }
  if ((name !== undefined) !== (field.named === true) && name !== undefined)
    return {
      message: `${what} sets "${to}", but "${key}" has no named inputs.`,
      hint: `Write "${id}.${key}".`,
    }
  if (field.wire === 'only')
    return {
      message: `${what} sets "${to}", but that field only takes a wire.`,
      hint: 'Let it set another field.',
    }
  if (!wired.has(to)) return undefined
  return {
    severity: 'warning',
    code: 'input-hidden',
    node: id,
    field: key,
    message: `${what} has no effect: a wire goes into "${to}", and a wire comes before a set value.`,
    hint: 'Remove the wire, or the input.',
  }
}

function outputFinding(
  what: string,
  from: string,
  workflow: Workflow,
  catalog: CatalogFacts,
  isMade: boolean,
): Finding | undefined {
  const { node: id, output } = outputAddress(from)
  const definition = definitionAt(what, id, workflow, catalog)
  if (!definition || 'message' in definition) return definition
  if (!Object.hasOwn(definition.outputs, output))
    return {
      message: `${what} is "${from}", but "${id}" (${definition.title}) has no output "${output}".`,
      hint: suggestion(output, Object.keys(definition.outputs), 'Choose another output, or remove it.'),
    }
  if (isMade) return undefined
  return {
    severity: 'warning',
    code: 'output-not-made',
    node: id,
    message: `${what} will not be made: "${id}" does not run.`,
    hint: `Run "${id}" (unmute it, or end its bypass), or choose another output.`,
  }
}

/** The definition, a finding where there is no such node, and nothing where its type is the problem. */
function definitionAt(
  what: string,
  id: string,
  workflow: Workflow,
  catalog: CatalogFacts,
): NodeFacts | Finding | undefined {
  const node = own(workflow.nodes, id)
  if (node) return own(catalog.nodes, node.type)
  return {
    message: `${what} names the node "${id}", which does not exist.`,
    hint: suggestion(id, Object.keys(workflow.nodes), 'Choose another node, or remove it.'),
  }
}
