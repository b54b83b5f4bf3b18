/** What a file is, and how its images are named. */
export type SendFileOptions = {
  readonly signal?: AbortSignal | undefined
  readonly kind: keyof typeof FILE_TYPES
  /** In front of the name or number of each; default of numbered ones the digest of the file. */
  readonly prefix?: string | undefined
  /** Of all of its images. */
  readonly source?: string | undefined
  /** The column of a table that names the source of each, or `folder`. */
  readonly by?: string | undefined
  /** Of several arrays or columns the one that holds the images. */
  readonly column?: string | undefined
  /** Of an array whose shape leaves it open. */
  readonly layout?: 'NCHW' | 'NHWC' | undefined
}

const FILE_TYPES = {
  npy: 'application/x-npy',
  npz: 'application/x-npz',
  idx: 'application/x-idx',
  parquet: 'application/vnd.apache.parquet',
  tar: 'application/x-tar',
  zip: 'application/zip',
  gzip: 'application/gzip',
}

/** What became of the images of a file. */
export type FileReceipt = {
  /** Stored now, and stored before. */
  readonly taken: number
  readonly known: number
  readonly refused: number
  /** The first 100 of these. */
  readonly refusals: readonly {
    readonly image: string
    readonly code: string
    readonly message: string
  }[]
  readonly prefix: string
}

/** The request that sends a file, and what is said of it. */
export function fileRequest(
  file: Blob | Uint8Array,
  { kind, signal, ...said }: SendFileOptions,
): { readonly query: string; readonly request: RequestInit } {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(said)) if (value !== undefined) query.set(name, value)
  return {
    query: query.toString(),
    request: {
      method: 'POST',
      headers: { 'content-type': FILE_TYPES[kind] },
      body: file instanceof Uint8Array ? new Blob([file.slice()]) : file,
      signal: signal ?? null,
    },
  }
}
