import type { RunStatus } from '../../../runtime/run/events.ts'

/** The tables of planograph.db, as migrations.ts makes them. Times are milliseconds since 1970. */
export interface Tables {
  meta: { name: string; value: string }
  run: RunTable
  event: EventTable
  /** The blobs that a run's events name: what the garbage collector must keep. */
  event_blob: { run: string; hash: string; json: 0 | 1 }
  result: ResultTable
  result_blob: { key: string; hash: string; json: 0 | 1 }
  workflow: { id: string; name: string; version: number; saved_at: number }
  workflow_version: { id: string; version: number; name: string; text: string; saved_at: number }
  workflow_blob: { id: string; hash: string; json: 0 | 1 }
}

export interface RunTable {
  id: string
  workflow_id: string
  name: string
  status: RunStatus
  created_at: number
  updated_at: number
  seq: number
  epoch: number
  /** Null in all of the holder's columns: nobody holds the run. */
  pid: number | null
  host: string | null
  started: number | null
  heartbeat: number | null
  expiry: number | null
}

export interface EventTable {
  run: string
  seq: number
  epoch: number
  /** For people who look into the table; what is believed is the body. */
  type: string
  body: string
  checksum: number
}

export interface ResultTable {
  key: string
  node_type: string
  /** JSON of outputs and notes. */
  body: string
  ms: number
  bytes: number
  made_at: number
  last_used: number
  checksum: number
}
