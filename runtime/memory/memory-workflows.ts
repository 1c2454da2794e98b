import type { SavedWorkflow, WorkflowStore } from '../storage.ts'

export function createMemoryWorkflows(): WorkflowStore {
  /** Per workflow its versions, the oldest first. */
  const kept = new Map<string, SavedWorkflow[]>()

  return {
    async get(id, version) {
      const versions = kept.get(id) ?? []
      const found =
        version === undefined ? versions.at(-1) : versions.find((each) => each.version === version)
      return found && { ...found }
    },

    async save({ id, name, text, savedAt }, expected) {
      const versions = kept.get(id) ?? []
      const present = versions.at(-1)?.version ?? 0
      if (expected !== undefined && expected !== present) return undefined
      const saved = { id, name, text, savedAt, version: present + 1 }
      kept.set(id, [...versions, saved])
      return { ...saved }
    },

    async list() {
      return [...kept.values()]
        .flatMap((versions) => versions.slice(-1))
        .sort((a, b) => b.savedAt - a.savedAt || (a.id < b.id ? -1 : 1))
        .map(withoutText)
    },

    async versions(id) {
      return (kept.get(id) ?? []).map(withoutText).reverse()
    },

    async delete(id) {
      kept.delete(id)
    },
  }
}

function withoutText({ id, name, version, savedAt }: SavedWorkflow): Omit<SavedWorkflow, 'text'> {
  return { id, name, version, savedAt }
}
