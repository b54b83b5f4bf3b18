import { readFile } from 'node:fs/promises'
import { deserialize, serialize } from 'node:v8'
import { deflateSync, inflateSync } from 'node:zlib'
import { DriftError } from '../errors.ts'
import type { ToldEvent } from '../report/index.ts'
import { writeOutput } from './outputs.ts'

/** What `stream --state` keeps: what was seen, and all that is remembered of it. */
export type StreamStateFile = {
  /** Where the images come from, as the user wrote it. */
  readonly location: string
  /** The last image that was seen, by its place in the source. */
  readonly last: { readonly place: number; readonly id: string } | undefined
  readonly stream: Uint8Array
  /** What was told last, for the report. */
  readonly told: readonly PackedEvent[]
}

const KIND = 'pixeldrift stream'
const FORMAT = `${KIND} 3`

/** An event as a file keeps it: packed once when it is told, since the last ones stand in every state that is written. */
export type PackedEvent = string

/** An event in JSON, compressed to about a tenth, in Base64. */
export const packEvent = (event: ToldEvent): PackedEvent =>
  deflateSync(JSON.stringify(event)).toString('base64')

/** The event again. */
export const unpackEvent = (packed: PackedEvent): ToldEvent =>
  JSON.parse(inflateSync(Buffer.from(packed, 'base64')).toString()) as ToldEvent

/** Replaces the file whole or not at all: after a kill it says what was seen before or after, nothing between. */
export async function writeStreamState(path: string, state: StreamStateFile): Promise<void> {
  // As one text: of equal lists the serializer keeps how they happen to be held.
  await writeOutput(path, serialize({ format: FORMAT, ...state, told: state.told.join('\n') }))
}

/** The state that a file holds; undefined where there is none yet. Throws DriftError on another file. */
export async function readStreamState(
  path: string,
  location: string,
): Promise<StreamStateFile | undefined> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    const message = `expected to read ${path}, got ${cause.code}`
    throw new DriftError('source.unreadable', message, { cause })
  })
  if (bytes === undefined || bytes.length === 0) return undefined
  const { format, ...state } = parse(bytes)
  if (format !== FORMAT) throw otherFile(path, format)
  if (state.location !== location) {
    throw new DriftError(
      'config.invalid',
      `expected the images that ${path} is the state of, ${state.location}, got ${location}`,
      { hint: 'Give every place of images a state file of its own.' },
    )
  }
  return { ...state, told: state.told === '' ? [] : state.told.split('\n') }
}

function otherFile(path: string, format: unknown): DriftError {
  return typeof format === 'string' && format.startsWith(KIND)
    ? new DriftError(
        'artifact.version',
        `expected a state of the format “${FORMAT}” in ${path}, got “${format}”`,
        {
          hint: 'Another version of pixeldrift wrote it. Go on with that one, or start anew with another state file.',
        },
      )
    : new DriftError(
        'artifact.corrupt',
        `expected the state of a stream in ${path}, got another file`,
      )
}

type Stored = Omit<StreamStateFile, 'told'> & { readonly format?: unknown; readonly told: string }

function parse(bytes: Buffer): Stored {
  try {
    const found: unknown = deserialize(bytes)
    if (typeof found === 'object' && found !== null) return found as Stored
  } catch {
    // Said by the caller.
  }
  return { location: '', last: undefined, stream: new Uint8Array(), told: '' }
}
