import type { Detector } from '../detector/index.ts'
import { DriftError } from '../errors.ts'
import type { ImageSource } from '../images/index.ts'
import type { FeaturesFile, Measurements } from '../measuring/index.ts'
import type { CommandContext } from './context.ts'
import { partsOf } from './feature-arguments.ts'
import type { StreamStateFile } from './stream-state.ts'

type Seen = { readonly stored: StreamStateFile | undefined }

/** Images in order, and the place of the last of them: of its source, or among the rows of files. */
export type Part = { readonly part: Measurements; readonly place: number }

/** Images of batches of 256; those that were seen before are neither measured again nor taken. */
export async function* measured(
  detector: Detector,
  source: ImageSource,
  { stored, context }: Seen & { readonly context: CommandContext },
): AsyncGenerator<Part> {
  const { last } = stored ?? {}
  const size = 256
  const first = last === undefined ? 0 : Math.floor(last.place / size)
  const chosen = { isChosen: (batch: number) => batch >= first, signal: context.signal }
  let isKnown = last === undefined
  for await (const part of detector.measure(source, chosen)) {
    const place = part.images.at(-1)?.place ?? 0
    if (isKnown || last === undefined) {
      yield { part, place }
      continue
    }
    isKnown = true
    const at = part.images.findIndex((image) => image.place === last.place)
    if (part.images[at]?.record.id !== last.id) throw movedImages(last.id, source.location)
    const named = part.skipped.named.filter((image) => (image.place ?? 0) > last.place)
    const skipped = { ...part.skipped, named, total: named.length }
    yield { part: { ...rowsFrom(part, at + 1), skipped }, place }
  }
}

function movedImages(id: string, location: string): DriftError {
  return new DriftError(
    'config.invalid',
    `expected ${id} where it was, the last image that the state has seen, found another in ${location}`,
    {
      hint: 'A stream goes on behind the last image: new ones must come after it in the order of their names or rows. Start anew with another state file otherwise.',
    },
  )
}

/** Rows of files behind those that were seen before. */
export async function* behindStored(
  files: readonly FeaturesFile[],
  stored: StreamStateFile | undefined,
): AsyncGenerator<Part> {
  const seen = stored?.last === undefined ? 0 : stored.last.place + 1
  let rows = 0
  for await (const part of partsOf(files)) {
    const first = Math.max(0, Math.min(seen - rows, part.images.length))
    rows += part.images.length
    yield { part: rowsFrom(part, first), place: rows - 1 }
  }
}

function rowsFrom(part: Measurements, first: number): Measurements {
  const images = part.images.slice(first)
  const values = part.values.subarray(first * part.columns.length)
  return { ...part, images, values, count: images.length }
}
