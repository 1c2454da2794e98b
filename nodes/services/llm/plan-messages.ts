import type { PlanAnswer, PlanFacts } from './facts.ts'
import type { Message } from './provider.ts'

export interface Picture {
  bytes: Uint8Array
  mime: string
}

/** The pictures a planner looks at: what is worked on, and its mask (white = repaint). */
export interface Seen {
  image?: Picture
  mask?: Picture
}

const role = `You plan pictures for Stable Diffusion. You get a wish and what one server has, and answer with a complete plan as JSON.

Rules
- Use only the checkpoints, samplers, schedule types and sizes that are listed. A parameter that the server does not take is null.
- Prompts are written for the checkpoint's family: "tags" are short comma-separated phrases, the subject first; "sentence" is plain prose; "vocabulary" uses only the words that are listed.
- A prompt describes the finished picture, never an order. What must not be seen goes into the negative prompt; at CFG 1 or below that has no effect.
- Start from the suggested values and leave them only for a reason that lies in the wish.
- reasons: for every parameter one sentence, specific and true, that a beginner understands. Quote the words of the wish that decided.
- alternatives: a few other values that are possible here, with what each would change. warnings: what of the wish cannot be had.
- advice: one paragraph of three or four sentences that teaches what matters most in this plan and what to try next.`

const tasks = {
  txt2img: 'A new picture from words. denoise is null.',
  img2img:
    'The attached picture is painted over. denoise 0 keeps it, 1 ignores it: about 0.4 changes surfaces, 0.6 style and light, 0.8 shapes. The prompt describes the finished picture.',
  inpaint:
    'Only the masked part of the attached picture (white in the mask) is repainted. The prompt describes what shall be there.',
} as const

/** What an LLM is told to plan with, or to revise a plan with. */
export function planMessages(facts: PlanFacts, { image, mask }: Seen): Message[] {
  const { request, intent, previous, feedback, ...rest } = facts
  const pictures = [image, mask].flatMap((picture) => (picture ? [{ image: picture }] : []))
  const there = `What there is:\n${JSON.stringify(rest)}`
  const wish = `Intent: ${intent}. ${tasks[intent]}\n\nThe wish:\n${request}`
  const revise = previous ? [{ text: revision(previous, feedback) }] : []
  return [
    { role: 'system', parts: [{ text: role }] },
    { role: 'user', parts: [{ text: there }, { text: wish }, ...pictures, ...revise] },
  ]
}

function revision(previous: object, feedback: readonly string[]): string {
  const older = feedback.slice(0, -1).map((text) => `- ${text || '(no words)'}`)
  const before = older.length > 0 ? `Earlier feedback, already in the plan:\n${older.join('\n')}\n\n` : ''
  const now = feedback.at(-1) || '(no words: find another way to fulfil the wish)'
  return `The plan so far:\n${JSON.stringify(previous)}\n\n${before}New feedback:\n${now}\n\nChange what the feedback asks for and nothing else. Reasons of changed parameters say what changed and why.`
}

/** Asks once more, after an answer that cannot be carried out. */
export function repairMessages(messages: Message[], answer: PlanAnswer, wrong: readonly string[]): Message[] {
  return [
    ...messages,
    { role: 'assistant', parts: [{ text: JSON.stringify(answer) }] },
    {
      role: 'user',
      parts: [
        {
          text: `This plan cannot be carried out:\n${wrong.map((each) => `- ${each}`).join('\n')}\nAnswer with the whole plan, corrected.`,
        },
      ],
    },
  ]
}
