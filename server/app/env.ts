/** Environment variables. */
export type Env = { readonly [name: string]: string | undefined }
