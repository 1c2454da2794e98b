import { keyOf, keyParts } from '../cache-key.ts'
import type { ResolvedAuto } from '../run/events.ts'
import type { Step } from '../run/state.ts'
import type { Json } from '../values.ts'
import { type Assembled, assemble, auto, validated } from './assemble.ts'
import type { Attempt } from './attempt.ts'
import { end, type Prepared, type StepHost } from './step-host.ts'

/** Reads and checks the values, makes the choices that are open, and computes the key. */
export async function prepare(host: StepHost, step: Step, attempt: Attempt): Promise<Prepared | undefined> {
  const { env } = host
  const { definition } = step.node.plan
  const assembled = await assemble(host.state(), step, env.blobs)
  if (definition.demand) {
    const fields = definition.demand(assembled).filter((field) => !step.fact.demanded.has(field))
    if (fields.length > 0) {
      end(host, attempt)
      host.record({ type: 'step.demanded', step: attempt.ref, fields })
      return undefined
    }
  }
  const resolved = definition.auto ? await resolveAuto(host, step, attempt, assembled) : undefined
  for (const name in definition.fields)
    if (definition.fields[name]?.default === auto && isOpen(assembled[name]))
      assembled[name] = resolved?.values[name] ?? null
  const values = validated(step, assembled)
  const { feedback } = step.fact
  const asked = feedback.map(({ text, drawing, items }): Json => ({ text, drawing, items }))
  const base = { definition, values, kind: env.catalog.kind, resolved, hash: env.hash }
  const parts = keyParts({ ...base, feedback: asked })
  const key = keyOf(parts, env.hash)
  const requestKey = asked.length > 0 ? keyOf(keyParts({ ...base, feedback: [] }), env.hash) : undefined
  return { values, parts, key, requestKey }
}

function isOpen(value: Json | undefined): boolean {
  return value === undefined || value === auto
}

/** Choices are recorded before the first attempt and never made again in this round. */
async function resolveAuto(
  host: StepHost,
  step: Step,
  attempt: Attempt,
  values: Assembled,
): Promise<ResolvedAuto> {
  const { definition, id } = step.node.plan
  const known = step.fact.resolved ?? host.state().created.resolved[id]
  if (known) return known
  const resolved = await definition.auto?.resolve(values, host.env.services)
  const { identity, values: chosen } = resolved ?? { values: {}, identity: undefined }
  const event = identity === undefined ? { values: chosen } : { values: chosen, identity }
  if (attempt.live) host.record({ type: 'step.resolved', step: attempt.ref, resolved: event })
  return event
}
