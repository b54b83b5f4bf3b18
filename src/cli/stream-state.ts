import { readFile } from 'node:fs/promises'
import { deserialize, serialize } from 'node:v8'
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
  readonly told: readonly ToldEvent[]
}

const FORMAT = 'pixeldrift stream 2'

/** Replaces the file whole or not at all: after a kill it says what was seen before or after, nothing between. */
export async function writeStreamState(path: string, state: StreamStateFile): Promise<void> {
  // As text: of equal numbers the serializer keeps how they happen to be held.
  await writeOutput(path, serialize({ format: FORMAT, ...state, told: JSON.stringify(state.told) }))
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
  if (format !== FORMAT) {
    throw new DriftError(
      'artifact.corrupt',
      `expected the state of a stream in ${path}, got another file`,
    )
  }
  if (state.location !== location) {
    throw new DriftError(
      'config.invalid',
      `expected the images that ${path} is the state of, ${state.location}, got ${location}`,
      { hint: 'Give every place of images a state file of its own.' },
    )
  }
  return { ...state, told: JSON.parse(state.told) as ToldEvent[] }
}

type Stored = Omit<StreamStateFile, 'told'> & { readonly format?: unknown; readonly told: string }

function parse(bytes: Buffer): Stored {
  try {
    const found: unknown = deserialize(bytes)
    if (typeof found === 'object' && found !== null) return found as Stored
  } catch {
    // Said by the caller.
  }
  return { location: '', last: undefined, stream: new Uint8Array(), told: '[]' }
}
