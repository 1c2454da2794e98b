import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Database } from 'libsql'

export interface LibsqlDialectOptions {
  database: Database
  /** Tries again while the database is busy. */
  patiently<T>(attempt: () => T): Promise<T>
  /** What a failed statement throws, from what libsql threw. */
  explain(error: unknown): unknown
}

/**
 * Kysely over libsql's synchronous interface, with what its own SQLite driver does not do: transactions BEGIN
 * IMMEDIATE (a deferred one that reads and then writes fails with SQLITE_BUSY whatever the timeout), and a busy
 * database is asked again later. There is one connection and no queue for it: do not open two transactions at once.
 */
export function libsqlDialect(options: LibsqlDialectOptions): Dialect {
  return {
    createDriver: () => libsqlDriver(options),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

function libsqlDriver(options: LibsqlDialectOptions): Driver {
  const { database } = options
  const connection = libsqlConnection(options)
  const command = async (sql: string) => {
    try {
      await options.patiently(() => database.exec(sql))
    } catch (error) {
      throw options.explain(error)
    }
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: () => command('begin immediate'),
    commitTransaction: () => command('commit'),
    rollbackTransaction: async () => {
      // A full disk has rolled back already.
      if (database.inTransaction) database.exec('rollback')
    },
    releaseConnection: async () => {},
    destroy: async () => {
      database.close()
    },
  }
}

function libsqlConnection({ database, patiently, explain }: LibsqlDialectOptions): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      try {
        return await patiently(() => run<R>(database, sql, parameters))
      } catch (error) {
        throw explain(error)
      }
    },
    // biome-ignore lint/correctness/useYield: the interface asks for a generator, and nobody streams.
    async *streamQuery() {
      throw new Error('Rows are read in pages, not streamed.')
    },
  }
}

/**
 * Statements are not kept: libsql has no way to finish one by hand, and a connection with a living statement never
 * really closes. Preparing costs about 5 µs.
 */
function run<R>(database: Database, sql: string, parameters: readonly unknown[]): QueryResult<R> {
  const statement = database.prepare<unknown[]>(sql)
  if (statement.reader) return { rows: rowsOf<R>(statement.all(parameters)) }
  return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) }
}

/** The one place where rows get their type: Kysely knows it from the query. */
function rowsOf<R>(rows: unknown[]): R[] {
  return rows as R[]
}
