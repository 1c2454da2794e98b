import type { z } from 'zod'

/** A part of a message to an LLM. Pictures are encoded when the call is made, never kept. */
export type Part = { text: string } | { image: { bytes: Uint8Array; mime: string } }

export interface Message {
  role: 'system' | 'user' | 'assistant'
  parts: Part[]
}

export interface CompleteRequest<T> {
  /** What the call is for; a rule-based provider answers by it. */
  task: 'plan' | 'revise' | 'critique' | 'text'
  messages: Message[]
  schema: z.ZodType<T>
  /** Facts behind the messages as data, for providers that do not read prose. */
  facts: unknown
  temperature?: number
}

export interface Completion<T> {
  value: T
  /** Who answered, for people: `gpt-5 at api.openai.com`, or `rules, no LLM connected`. */
  by: string
  usage?: { inputTokens: number; outputTokens: number; costUsd?: number }
}

/** Streamed partials are shown, never trusted; the completion is validated by the schema. */
export interface LlmProvider {
  readonly id: string
  readonly title: string
  complete<T>(
    request: CompleteRequest<T>,
    options: { signal: AbortSignal; onText?: (delta: string) => void },
  ): Promise<Completion<T>>
}
