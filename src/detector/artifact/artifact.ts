import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { unzipSync, zipSync } from 'fflate'
import { z } from 'zod'
import { DriftError } from '../../errors.ts'
import { replaceFile } from '../../whole-file.ts'

/** Format of the files inside; a reader refuses any later one. */
export const ARTIFACT_VERSION = 2

const FORMAT = 'pixeldrift-detector'
const MANIFEST = 'manifest.json'
/** Digest of the manifest, which holds those of the other files. */
const MANIFEST_DIGEST = 'manifest.sha256'
/** One date for all, so that the same content is the same file. */
const DATE = new Date(2000, 0, 1)

const manifestSchema = z.looseObject({
  format: z.literal(FORMAT),
  schemaVersion: z.int(),
  checksums: z.record(z.string(), z.string()),
})

/** What is stored: a manifest and named files. */
export type Artifact<T> = {
  readonly manifest: T
  readonly files: ReadonlyMap<string, Uint8Array>
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Zips manifest and files, writes beside `path` and renames: never a half-written artifact. */
export async function writeArtifact(
  path: string,
  { manifest, files }: Artifact<object>,
): Promise<void> {
  const checksums = Object.fromEntries([...files].map(([name, bytes]) => [name, sha256(bytes)]))
  const head = { format: FORMAT, schemaVersion: ARTIFACT_VERSION, ...manifest, checksums }
  const text = encode(`${JSON.stringify(head, null, 2)}\n`)
  const entries = {
    [MANIFEST]: text,
    [MANIFEST_DIGEST]: encode(sha256(text)),
    ...Object.fromEntries(files),
  }
  const bytes = zipSync(entries, { level: 6, mtime: DATE })
  try {
    await replaceFile(path, bytes)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new DriftError('output.unwritable', `expected to write ${path}, got ${reason}`, { cause })
  }
}

/** Reads and checks an artifact, a file or its bytes; every damaged, foreign or newer one is refused with a DriftError. */
export async function readArtifact<T extends z.ZodType>(
  source: string | Uint8Array,
  schema: T,
): Promise<Artifact<z.infer<T>>> {
  const path = typeof source === 'string' ? source : 'the bytes given'
  const files = unzip(path, typeof source === 'string' ? await readBytes(source) : source)
  const manifestBytes = files.get(MANIFEST)
  if (manifestBytes === undefined) throw corrupt(path, `no ${MANIFEST}`)
  const manifest = parseManifest(path, manifestBytes)
  requireChecksums(path, files, {
    ...manifest.checksums,
    [MANIFEST]: new TextDecoder().decode(files.get(MANIFEST_DIGEST)),
    [MANIFEST_DIGEST]: sha256(files.get(MANIFEST_DIGEST) ?? new Uint8Array()),
  })
  files.delete(MANIFEST)
  files.delete(MANIFEST_DIGEST)
  const result = schema.safeParse(manifest)
  if (!result.success) {
    const issue = result.error.issues[0]
    throw corrupt(path, `manifest field ${issue.path.join('.')}: ${issue.message}`)
  }
  return { manifest: result.data, files }
}

function corrupt(path: string, reason: string, cause?: unknown): DriftError {
  return new DriftError(
    'artifact.corrupt',
    `expected a pixeldrift detector, got a damaged or foreign file: ${path} (${reason})`,
    {
      cause,
      hint: 'Copy it again from where it was written, or make a new one with `npx pixeldrift fit <images> --out detector.pixeldrift`.',
    },
  )
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new DriftError(
      'source.unreadable',
      `expected a detector file, got ${cause.code ?? 'an error'} at ${path}`,
      {
        cause,
        hint: 'Make one with `npx pixeldrift fit <images> --out detector.pixeldrift`.',
      },
    )
  })
}

function unzip(path: string, bytes: Uint8Array): Map<string, Uint8Array> {
  try {
    return new Map(Object.entries(unzipSync(bytes)))
  } catch (cause) {
    throw corrupt(path, 'not a readable zip', cause)
  }
}

function parseManifest(path: string, bytes: Uint8Array): z.infer<typeof manifestSchema> {
  let manifest: z.infer<typeof manifestSchema>
  try {
    manifest = manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw corrupt(path, 'its manifest is not a detector’s', cause)
  }
  if (manifest.schemaVersion > ARTIFACT_VERSION || manifest.schemaVersion < 1) {
    throw new DriftError(
      'artifact.version',
      `expected a detector of format ${ARTIFACT_VERSION} or older, got format ${manifest.schemaVersion}: ${path}`,
      { hint: 'Update pixeldrift, or fit the detector again with this version.' },
    )
  }
  return manifest
}

function requireChecksums(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
  checksums: Readonly<Record<string, string>>,
): void {
  for (const name of new Set([...files.keys(), ...Object.keys(checksums)])) {
    const bytes = files.get(name)
    if (bytes === undefined) throw corrupt(path, `${name} is missing`)
    if (checksums[name] === undefined) throw corrupt(path, `${name} is not in its manifest`)
    if (sha256(bytes) !== checksums[name])
      throw corrupt(path, `${name} was changed after it was written`)
  }
}
