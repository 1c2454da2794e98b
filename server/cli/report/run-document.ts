import type { RunView } from '../../../runtime/api.ts'
import { isBlobRef, type Json } from '../../../runtime/values.ts'
import type { Written } from '../write-outputs.ts'
import type { Outcome } from './report.ts'

/** A run as one JSON document: what `--json` prints. Blobs that were written carry the `file`. */
export function runDocument(
  view: RunView,
  { files, written, warnings }: Pick<Outcome, 'files' | 'written' | 'warnings'>,
) {
  const { id, status, reason, workflowId, name, createdAt, endedAt, reviews } = view
  const outputs = Object.entries(view.outputs).map(([output, value]) => [
    output,
    withFiles(value, output, written),
  ])
  return {
    run: id,
    status,
    reason,
    workflow: workflowId,
    name,
    createdAt,
    endedAt,
    outputs: Object.fromEntries(outputs),
    files,
    steps: view.steps.map(stepDocument),
    reviews,
    problems: warnings,
  }
}

function stepDocument(step: RunView['steps'][number]) {
  const { node, index, round, type, status, attempt, ms, from, failure, reason, notes, labels } = step
  return {
    node,
    index,
    round,
    type,
    status,
    ms,
    cached: status === 'cached',
    attempt,
    from,
    failure,
    reason,
    notes,
    labels,
  }
}

function withFiles(value: Json, output: string, written: Written[]): Json {
  if (Array.isArray(value)) return value.map((item, at) => withFile(item, output, at, written))
  return withFile(value, output, undefined, written)
}

function withFile(value: Json, output: string, item: number | undefined, written: Written[]): Json {
  if (!isBlobRef(value)) return value
  const file = written.find((each) => each.output === output && each.item === item)?.file
  return file === undefined ? value : { ...value, file }
}
