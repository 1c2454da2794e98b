export type ReviewMode = 'ask' | 'approve' | 'wait' | 'reject'

/** What commander makes of the options of each command. */
export interface Json {
  json?: boolean
}

export interface Home extends Json {
  home?: string
}

export interface Following extends Home {
  review?: ReviewMode
  out: string
  overwrite?: boolean
  timeout?: string
  ndjson?: boolean
  open?: boolean
}

export interface Run extends Following {
  input: string[]
  set: string[]
  until: string[]
  refresh: string[]
  cache: boolean
  planAnew?: boolean
}

export interface Resume extends Following {
  answer?: string
  decision?: string
  value?: string
  items?: string
  feedback?: string
  node?: string
  comment?: string
  by?: string
  acceptVersions?: boolean
}

export type Check = Home
export interface Export extends Home {
  withFiles?: boolean
  output?: string
  overwrite?: boolean
}

export interface Runs extends Home {
  limit: string
}

export interface Gc extends Home {
  olderThan?: string
  maxSize?: string
}
