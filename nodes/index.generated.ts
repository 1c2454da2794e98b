// Written by scripts/node-list.mjs from the files in this folder.
import type { AnyNode } from '../runtime/define-node.ts'

export const nodeFiles: readonly { category: string; file: string; definition: AnyNode }[] = [
]
