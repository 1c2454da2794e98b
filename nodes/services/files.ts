/** What nodes may do with files and the network, as the program that runs them allows. */
export interface Files {
  /** Absolute folder that this run writes to. */
  out: string
  /** Whether URLs may lead into private, loopback and link-local networks. */
  allowPrivateUrls: boolean
  /** Absolute folders that paths given to nodes may lead into; absent: any. */
  inputs?: readonly string[]
  /** Nothing is written outside `out`. */
  outOnly?: boolean
  /** Files that are there may be replaced, but for these, which this run has written. Absent: none may. */
  replacing?: Set<string>
}
