import { type Failure, toFailure } from './errors.ts'

/** An item of a list output that carries a label: which prompt, which seed. */
export class Labelled<T> {
  readonly value: T
  readonly label: string
  constructor(value: T, label: string) {
    this.value = value
    this.label = label
  }
}

/** An item of a list output that could not be made. It skips only what is mapped over this item. */
export class FailedItem {
  readonly failure: Failure
  readonly label?: string
  constructor(error: unknown, label?: string) {
    this.failure = toFailure(error)
    this.label = label
  }
}

/** What a node may put into a list output. */
export type Item<T> = T | Labelled<T> | FailedItem
