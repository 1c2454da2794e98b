import type { z } from 'zod'
import { list } from './wording.ts'

/** One thing that is wrong with a value. */
export interface ValueFault {
  /** Names and positions from the value down to what is wrong. */
  path: (string | number)[]
  /** Goes on from the value's name: "must be at most 150, but is 900". */
  text: string
  /** What it may be, where that is a closed set. */
  choices?: string[]
  /** What is there instead. */
  value?: unknown
}

/** Everything a schema finds wrong with a value, in words for people. Empty when nothing is. */
export function valueFaults(schema: z.ZodType, value: unknown): ValueFault[] {
  const result = schema.safeParse(value)
  return result.success ? [] : result.error.issues.map((issue) => faultOf(issue, value))
}

type Issue = z.core.$ZodIssue

function faultOf(issue: Issue, root: unknown): ValueFault {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  const value = path.reduce<unknown>((at, step) => member(at, step), root)
  if (issue.code === 'invalid_union') return unionFault(issue, path, value)
  if (issue.code !== 'invalid_value') return { path, text: textOf(issue, value) }
  const choices = issue.values.map(String)
  const text =
    choices.length <= 12
      ? `must be ${list(issue.values.map(shown), 'or')}, but is ${shown(value)}`
      : `is ${shown(value)}, which is not one of its choices`
  return { path, text, choices, value }
}

function textOf(issue: Exclude<Issue, { code: 'invalid_value' | 'invalid_union' }>, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return 'is missing'
      return `must be ${typeNames[issue.expected] ?? issue.expected}, but is ${shown(value)}`
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum, value)
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum, value)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}, but is ${shown(value)}`
    case 'unrecognized_keys':
      return `must not have ${list(issue.keys.map(shown))}`
    case 'invalid_key':
      return `has a name that is not allowed: ${issue.issues[0]?.message ?? issue.message}`
    case 'invalid_format':
      return /^Invalid/.test(issue.message)
        ? `does not have the right form: it is ${shown(value)}`
        : `is ${shown(value)}, which does not have the right form: ${issue.message}`
    case 'invalid_element':
    case 'custom':
      return `is not right: ${issue.message}`
  }
}

function bound(origin: string, words: string, limit: number | bigint, value: unknown): string {
  const unit = { string: 'character', array: 'item', set: 'item', map: 'entry' }[origin]
  if (unit === undefined) return `must be ${words} ${limit}, but is ${shown(value)}`
  const size = typeof value === 'string' || Array.isArray(value) ? `, but has ${value.length}` : ''
  return `must have ${words} ${limit} ${unit}${Number(limit) === 1 ? '' : 's'}${size}`
}

/** Of several ways that a value could have gone, the one that it came furthest along; else all that it could be. */
function unionFault(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: (string | number)[],
  value: unknown,
): ValueFault {
  const isOfOtherType = (each: Issue) => each.code === 'invalid_type' && each.path.length === 0
  const close = issue.errors.find((option) => !option.some(isOfOtherType))?.[0]
  if (close) {
    const fault = faultOf(close, value)
    return { ...fault, path: [...path, ...fault.path] }
  }
  const types = issue.errors.flatMap((option) =>
    option.flatMap((each) =>
      each.code === 'invalid_type' ? [typeNames[each.expected] ?? each.expected] : [],
    ),
  )
  return {
    path,
    text:
      types.length > 0
        ? `must be ${list([...new Set(types)], 'or')}, but is ${shown(value)}`
        : 'is not a value that it takes',
  }
}

const typeNames: { [expected: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

function member(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
  return Reflect.get(value, step)
}

/** A value as it reads in a message: short ones as they are. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
