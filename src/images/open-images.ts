import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DriftError } from '../errors.ts'
import { withFile } from './arrays/byte-reader.ts'
import type { ImageSource } from './image-source.ts'
import type {
  LocationProbe,
  OpenImagesOptions,
  OpenOptions,
  SourceFormat,
} from './source-format.ts'
import { SOURCE_FORMATS } from './sources/registry.ts'
import { attachVectors } from './vectors/attach-vectors.ts'

const HEAD_BYTES = 512

/** Opens the images at a path; the reader is chosen by content first, then by name. */
export async function openImages(
  location: string,
  { probabilities, logits, embeddings, ...options }: OpenImagesOptions = {},
): Promise<ImageSource> {
  const vectors = { probabilities, logits, embeddings }
  const probe = await probeLocation(location)
  const format = SOURCE_FORMATS.find((candidate) => candidate.recognises(probe))
  if (format !== undefined) {
    checkOptions(format, options, location)
    return attachVectors(await format.open(probe, options), vectors)
  }
  const known = SOURCE_FORMATS.map(({ title }) => title).join('; ')
  const got = probe.byteLength === 0 ? 'an empty file' : 'a file of another kind'
  throw new DriftError('source.unreadable', `expected images, got ${got}: ${location}`, {
    hint: `Known are: ${known}.`,
  })
}

function checkOptions(
  { kind, accepts }: SourceFormat,
  options: OpenOptions,
  location: string,
): void {
  const known: readonly string[] = [...accepts, 'pixelLimit']
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const foreign = given.find(([name]) => !known.includes(name))
  if (foreign === undefined) return
  throw new DriftError(
    'config.invalid',
    `expected only ${known.join(', ')} for a source of kind ${kind}, got ${foreign[0]} for ${location}`,
  )
}

async function probeLocation(path: string): Promise<LocationProbe> {
  const found = await stat(path).catch(async (error: unknown) => {
    throw await missing(path, error)
  })
  if (found.isDirectory()) {
    return { path, isFolder: true, byteLength: 0, gzipped: false, head: new Uint8Array() }
  }
  const raw = await readHead(path, false)
  const gzipped = raw[0] === 0x1f && raw[1] === 0x8b
  const head = gzipped ? await readHead(path, true) : raw
  return { path, isFolder: false, byteLength: found.size, gzipped, head }
}

async function readHead(path: string, gzipped: boolean): Promise<Uint8Array> {
  return withFile(path, { gzipped }, (reader) => reader.read(HEAD_BYTES))
}

async function missing(path: string, cause: unknown): Promise<DriftError> {
  const code = (cause as NodeJS.ErrnoException).code ?? 'an error'
  if (code !== 'ENOENT') {
    const message = `expected readable images, got ${code} for ${resolve(path)}`
    return new DriftError('source.unreadable', message, { cause })
  }
  const parent = dirname(resolve(path))
  const hasParent = await stat(parent).then(
    () => true,
    () => false,
  )
  const hint = hasParent
    ? `The folder ${parent} exists; check the last part of the name.`
    : `The folder ${parent} does not exist either.`
  const message = `expected a folder, archive or file of images, found nothing at ${resolve(path)}`
  return new DriftError('source.unreadable', message, { hint, cause })
}
