import type { Kysely, Transaction } from 'kysely'
import { PlanographError } from '../../../runtime/errors.ts'
import type { Tables } from './tables.ts'

/** Each brings the schema one version forward. One that was released is never changed; the next one is added. */
const migrations: readonly ((tx: Transaction<Tables>) => Promise<void>)[] = [firstTables]

/** The version this program writes. */
const schemaVersion = migrations.length

/** Brings an older or empty database forward, in one transaction; refuses one that a newer program has written. */
export async function migrate(database: Kysely<Tables>, home: string): Promise<void> {
  if ((await versionOf(database).catch(() => 0)) === schemaVersion) return
  await database.transaction().execute(async (tx) => {
    await tx.schema
      .createTable('meta')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute()
    const present = await versionOf(tx)
    if (present > schemaVersion) throw tooNew(home, present)
    for (const step of migrations.slice(present)) await step(tx)
    await setVersion(tx)
  })
}

async function versionOf(database: Kysely<Tables>): Promise<number> {
  const row = await database
    .selectFrom('meta')
    .select('value')
    .where('name', '=', 'schema')
    .executeTakeFirst()
  return row === undefined ? 0 : Number(row.value)
}

async function setVersion(tx: Transaction<Tables>): Promise<void> {
  const value = String(schemaVersion)
  await tx
    .insertInto('meta')
    .values({ name: 'schema', value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

function tooNew(home: string, version: number): PlanographError {
  return new PlanographError(
    'blocked',
    `The home folder ${home} was written by a newer Planograph (its schema is ${version}, this program knows ${schemaVersion}).`,
    {
      code: 'home-newer',
      hint: 'Update Planograph, or use another folder with --home. Nothing was changed.',
    },
  )
}

async function firstTables(tx: Transaction<Tables>): Promise<void> {
  await runTables(tx)
  await resultTables(tx)
  await workflowTables(tx)
}

async function runTables({ schema }: Transaction<Tables>): Promise<void> {
  await schema
    .createTable('run')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workflow_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('pid', 'integer')
    .addColumn('host', 'text')
    .addColumn('started', 'bigint')
    .addColumn('heartbeat', 'bigint')
    .addColumn('expiry', 'bigint')
    .execute()
  await schema.createIndex('run_created').on('run').columns(['created_at', 'id']).execute()
  await schema.createIndex('run_workflow').on('run').columns(['workflow_id', 'created_at', 'id']).execute()
  await schema
    .createTable('event')
    .addColumn('run', 'text', (column) => column.notNull().references('run.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('checksum', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('event_key', ['run', 'seq'])
    .execute()
  await schema
    .createTable('event_blob')
    .addColumn('run', 'text', (column) => column.notNull().references('run.id').onDelete('cascade'))
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('json', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('event_blob_key', ['run', 'hash'])
    .execute()
}

async function resultTables({ schema }: Transaction<Tables>): Promise<void> {
  await schema
    .createTable('result')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('node_type', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('ms', 'double precision', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used', 'bigint', (column) => column.notNull())
    .addColumn('checksum', 'bigint', (column) => column.notNull())
    .execute()
  await schema.createIndex('result_used').on('result').columns(['last_used', 'key']).execute()
  await schema
    .createTable('result_blob')
    .addColumn('key', 'text', (column) => column.notNull().references('result.key').onDelete('cascade'))
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('json', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('result_blob_key', ['key', 'hash'])
    .execute()
}

async function workflowTables({ schema }: Transaction<Tables>): Promise<void> {
  await schema
    .createTable('workflow')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('saved_at', 'bigint', (column) => column.notNull())
    .execute()
  await schema
    .createTable('workflow_version')
    .addColumn('id', 'text', (column) => column.notNull().references('workflow.id').onDelete('cascade'))
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('saved_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('workflow_version_key', ['id', 'version'])
    .execute()
  await schema
    .createTable('workflow_blob')
    .addColumn('id', 'text', (column) => column.notNull().references('workflow.id').onDelete('cascade'))
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('json', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('workflow_blob_key', ['id', 'hash'])
    .execute()
}
