// Written by scripts/node-list.mjs from the files in this folder.
import type { AnyNode } from '../runtime/define-node.ts'
import chooseNode from './flow/choose.ts'
import collectNode from './flow/collect.ts'
import switchNode from './flow/switch.ts'
import compositeNode from './image/composite.ts'
import img2imgNode from './image/img2img.ts'
import inpaintNode from './image/inpaint.ts'
import loadImageNode from './image/load-image.ts'
import resizeImageNode from './image/resize-image.ts'
import saveImageNode from './image/save-image.ts'
import txt2imgNode from './image/txt2img.ts'
import maskAdjustNode from './mask/mask-adjust.ts'
import maskFromImageNode from './mask/mask-from-image.ts'
import maskShapeNode from './mask/mask-shape.ts'
import llmPlanNode from './plan/llm-plan.ts'
import planNode from './plan/plan.ts'
import planValuesNode from './plan/plan-values.ts'
import reviewNode from './plan/review.ts'
import promptNode from './text/prompt.ts'
import templateNode from './text/template.ts'
import textListNode from './text/text-list.ts'
import numberNode from './values/number.ts'
import sizeNode from './values/size.ts'

export const nodeFiles: readonly { category: string; file: string; definition: AnyNode }[] = [
  { category: 'flow', file: 'choose', definition: chooseNode },
  { category: 'flow', file: 'collect', definition: collectNode },
  { category: 'flow', file: 'switch', definition: switchNode },
  { category: 'image', file: 'composite', definition: compositeNode },
  { category: 'image', file: 'img2img', definition: img2imgNode },
  { category: 'image', file: 'inpaint', definition: inpaintNode },
  { category: 'image', file: 'load-image', definition: loadImageNode },
  { category: 'image', file: 'resize-image', definition: resizeImageNode },
  { category: 'image', file: 'save-image', definition: saveImageNode },
  { category: 'image', file: 'txt2img', definition: txt2imgNode },
  { category: 'mask', file: 'mask-adjust', definition: maskAdjustNode },
  { category: 'mask', file: 'mask-from-image', definition: maskFromImageNode },
  { category: 'mask', file: 'mask-shape', definition: maskShapeNode },
  { category: 'plan', file: 'llm-plan', definition: llmPlanNode },
  { category: 'plan', file: 'plan', definition: planNode },
  { category: 'plan', file: 'plan-values', definition: planValuesNode },
  { category: 'plan', file: 'review', definition: reviewNode },
  { category: 'text', file: 'prompt', definition: promptNode },
  { category: 'text', file: 'template', definition: templateNode },
  { category: 'text', file: 'text-list', definition: textListNode },
  { category: 'values', file: 'number', definition: numberNode },
  { category: 'values', file: 'size', definition: sizeNode },
]
