import type { AnyNode, Migrated } from '../define-node.ts'
import { fieldAddress, outputAddress } from '../graph/address.ts'
import { own } from '../own.ts'
import type { Workflow, WorkflowNode } from './schema.ts'

/** What has to be known of the installed node types. */
export interface NodeVersions {
  nodes: { readonly [type: string]: Pick<AnyNode, 'version' | 'migrations'> }
}

/** A node that was brought forward. */
export interface NodeMigration {
  node: string
  type: string
  from: number
  to: number
}

/**
 * Brings the nodes of a workflow to the installed versions of their types. Wires, inputs and outputs follow renamed
 * fields and outputs. Nodes of unknown types, and nodes newer than installed, stay as they are.
 * @throws whatever a migration throws
 */
export function migrateNodes(
  workflow: Workflow,
  installed: NodeVersions,
): { workflow: Workflow; migrated: NodeMigration[] } {
  const migrated: NodeMigration[] = []
  const nodes: Workflow['nodes'] = {}
  const renames = new Map<string, Migrated[]>()
  for (const [id, node] of Object.entries(workflow.nodes)) {
    const definition = own(installed.nodes, node.type)
    const steps = definition ? migrationSteps(node, definition) : []
    nodes[id] = node
    const last = steps.at(-1)
    if (!definition || !last) continue
    nodes[id] = { ...node, version: definition.version, values: last.values }
    renames.set(id, steps)
    migrated.push({ node: id, type: node.type, from: node.version ?? 1, to: definition.version })
  }
  if (migrated.length === 0) return { workflow, migrated }
  return { workflow: followRenames({ ...workflow, nodes }, renames), migrated }
}

function migrationSteps(node: WorkflowNode, definition: Pick<AnyNode, 'version' | 'migrations'>): Migrated[] {
  const steps: Migrated[] = []
  let values = definedOnly(node.values ?? {})
  for (let version = node.version ?? 1; version < definition.version; version++) {
    const step = definition.migrations?.[version]?.(values)
    if (!step) break
    values = step.values
    steps.push(step)
  }
  return steps
}

function definedOnly(values: NonNullable<WorkflowNode['values']>): Migrated['values'] {
  return { ...values }
}

function followRenames(workflow: Workflow, renames: Map<string, Migrated[]>): Workflow {
  const to = (address: string) => renamedField(address, renames)
  const from = (address: string) => renamedOutput(address, renames)
  const { inputs, outputs } = workflow
  return {
    ...workflow,
    edges: workflow.edges.map((edge) => ({ ...edge, from: from(edge.from), to: to(edge.to) })),
    ...(inputs && { inputs: mapTable(inputs, (input) => ({ ...input, to: to(input.to) })) }),
    ...(outputs && { outputs: mapTable(outputs, (output) => ({ ...output, from: from(output.from) })) }),
  }
}

function renamedField(address: string, renames: Map<string, Migrated[]>): string {
  const { node, field, name } = fieldAddress(address)
  const renamed = through(field, renames.get(node), (step) => step.renamedFields)
  return name === undefined ? `${node}.${renamed}` : `${node}.${renamed}.${name}`
}

function renamedOutput(address: string, renames: Map<string, Migrated[]>): string {
  const { node, output } = outputAddress(address)
  return `${node}.${through(output, renames.get(node), (step) => step.renamedOutputs)}`
}

function through(
  name: string,
  steps: Migrated[] = [],
  table: (step: Migrated) => { [old: string]: string } | undefined,
): string {
  return steps.reduce((current, step) => own(table(step), current) ?? current, name)
}

function mapTable<T>(table: { [id: string]: T }, change: (value: T) => T): { [id: string]: T } {
  return Object.fromEntries(Object.entries(table).map(([id, value]) => [id, change(value)]))
}
