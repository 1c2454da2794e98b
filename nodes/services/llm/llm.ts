import type { LlmProvider } from './provider.ts'

/** Two roles: a strong one for the first plan, a cheap one for revisions and critique. */
export interface Llm {
  planner: LlmProvider
  iterator: LlmProvider
}
