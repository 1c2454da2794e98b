import { nodeDefiner } from '../runtime/define-node.ts'
import type { Services } from './services/services.ts'

/** Defines a node type of this program: `ctx.services` has its type. */
export const defineNode = nodeDefiner<Services>()
