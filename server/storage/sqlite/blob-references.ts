import type { OpenDatabase } from './open-database.ts'

/** The blobs that runs, cached results and saved workflows name, and which of them are JSON and may name further ones. */
export async function blobReferences({
  reader,
}: OpenDatabase): Promise<{ hashes: Set<string>; json: Set<string> }> {
  const rows = await reader
    .selectFrom('event_blob')
    .select(['hash', 'json'])
    .union(reader.selectFrom('result_blob').select(['hash', 'json']))
    .union(reader.selectFrom('workflow_blob').select(['hash', 'json']))
    .execute()
  return {
    hashes: new Set(rows.map(({ hash }) => hash)),
    json: new Set(rows.filter(({ json }) => json === 1).map(({ hash }) => hash)),
  }
}
