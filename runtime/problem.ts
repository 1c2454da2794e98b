/** What is wrong with a workflow, where, and what to do about it. `warning` does not keep it from running. */
export interface Problem {
  severity: 'error' | 'warning'
  /** Stable word for programs: `unknown-type`, `missing-field`, `cycle`… */
  code: string
  node?: string
  field?: string
  /** Where in the file, when it is not a node: `edges[3]`, `inputs.idea`. */
  place?: string
  message: string
  hint: string
}
