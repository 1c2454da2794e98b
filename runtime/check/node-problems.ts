import type { FieldData, NodeData } from '../catalog-data.ts'
import { missingFields } from '../graph/missing.ts'
import { nearest, suggestion } from '../nearest.ts'
import { own } from '../own.ts'
import type { Problem } from '../problem.ts'
import type { ValueFault } from '../value-faults.ts'
import type { Json } from '../values.ts'
import { quoted } from '../wording.ts'
import { holds } from './conditions.ts'
import type { TypedValueCheck } from './typed-value.ts'

/** A node that runs, as far as its own problems go. */
export interface NodeAt {
  id: string
  definition: NodeData
  values: { readonly [field: string]: Json | undefined }
  /** Whether a wire that counts goes into the field. */
  isWired(field: string): boolean
}

/** What is wrong with a node's own values, and what in them will have no effect. */
export function nodeProblems(node: NodeAt, check: TypedValueCheck): Problem[] {
  return [...valueProblems(node, check), ...missingProblems(node), ...hiddenPlan(node), ...noEffect(node)]
}

function valueProblems(node: NodeAt, check: TypedValueCheck): Problem[] {
  return Object.entries(node.values).flatMap(([key, value]) => {
    if (value === undefined) return []
    const field = own(node.definition.fields, key)
    if (!field) return [unknownField(node, key)]
    if (field.wire === 'only') return [wireOnly(node, key)]
    if (node.isWired(key) && !field.named) return []
    return check(field, value).map((fault) => ({
      node: node.id,
      ...valueProblem(`"${node.id}"`, key, field, fault),
    }))
  })
}

/** The problem of a value that does not fit; `who` begins its message. */
export function valueProblem(who: string, key: string, field: FieldData, fault: ValueFault): Problem {
  const inside = fault.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return {
    severity: 'error',
    code: fault.choices ? 'not-a-choice' : 'wrong-value',
    field: field.named && typeof fault.path[0] === 'string' ? `${key}.${fault.path[0]}` : key,
    message: `${who}: ${key}${inside} ${fault.text}.`,
    hint: valueHint(field, fault),
  }
}

function valueHint(field: FieldData, { choices, value }: ValueFault): string {
  if (choices && typeof value === 'string') {
    const near = nearest(value, choices)
    if (near.length > 0) return `Did you mean ${quoted(near, 'or')}?`
  }
  const { min, max } = field.hints
  if (min !== undefined && max !== undefined) return `It takes ${min} to ${max}.`
  const unset = field.default !== undefined || field.optional
  return unset ? `Change it, or empty it to use the default. ${field.help}` : `Change it. ${field.help}`
}

function unknownField({ id, definition }: NodeAt, key: string): Problem {
  return {
    severity: 'error',
    code: 'unknown-field',
    node: id,
    field: key,
    message: `"${id}" (${definition.title}) has no field "${key}", but a value is set for it.`,
    hint: suggestion(key, Object.keys(definition.fields), 'Remove the value.'),
  }
}

function wireOnly({ id }: NodeAt, key: string): Problem {
  return {
    severity: 'error',
    code: 'wire-only',
    node: id,
    field: key,
    message: `The field "${key}" of "${id}" is set to a value, but it only takes a wire.`,
    hint: 'Remove the value and wire something into the field.',
  }
}

function missingProblems({ id, definition, values, isWired }: NodeAt): Problem[] {
  return missingFields(definition, values, isWired).map((key) => ({
    severity: 'error',
    code: 'missing-field',
    node: id,
    field: key,
    message: `"${id}" (${definition.title}) needs a value for "${key}".`,
    hint: missingHint(definition, key),
  }))
}

function missingHint({ fields }: NodeData, key: string): string {
  const field = own(fields, key)
  const fillers = Object.keys(fields).filter((other) => own(fields, other)?.fills?.includes(key))
  const filled = fillers.length > 0 ? `, or wire ${quoted(fillers, 'or')}, which fills it` : ''
  if (field?.wire === 'only') return `Wire something into it${filled}.`
  if (field?.wire === 'never') return `Set it in the node${filled}.`
  return `Type it, or wire something into it${filled}.`
}

/** Values that hide what a wired plan says of the same field. */
function hiddenPlan({ id, definition, values, isWired }: NodeAt): Problem[] {
  return Object.entries(definition.fields).flatMap(([plan, { fills }]) => {
    if (!fills || !isWired(plan)) return []
    const hiding = fills.filter((key) => isWired(key) || values[key] !== undefined)
    return hiding.map((key): Problem => {
      const how = isWired(key) ? 'is wired itself' : `is set to ${JSON.stringify(values[key])} in the node`
      return {
        severity: 'warning',
        code: 'hides-plan',
        node: id,
        field: key,
        message: `"${id}": what the wired "${plan}" says about "${key}" will not be used, because "${key}" ${how}.`,
        hint: `Empty "${key}" to use what "${plan}" says.`,
      }
    })
  })
}

function noEffect({ id, definition, values, isWired }: NodeAt): Problem[] {
  return Object.entries(definition.fields).flatMap(([key, field]) => {
    if (!field.noEffect || (values[key] === undefined && !isWired(key))) return []
    const found = field.noEffect.find((condition) =>
      holds(condition, { fields: definition.fields, values, isWired }),
    )
    if (!found) return []
    return {
      severity: 'warning',
      code: 'no-effect',
      node: id,
      field: key,
      message: `"${id}": ${found.reason}`,
      hint: `Empty "${key}", or change ${quoted(Object.keys(found.when), 'or')}.`,
    }
  })
}
