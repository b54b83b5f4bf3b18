import { DriftError } from '../errors.ts'
import type { ImageSource } from './image-source.ts'
import { probeLocation } from './probe-location.ts'
import type { OpenImagesOptions, OpenOptions, SourceFormat } from './source-format.ts'
import { SOURCE_FORMATS } from './sources/registry.ts'
import { attachModelOutputs } from './model-outputs/attach-model-outputs.ts'

/** Opens the images at a path; the reader is chosen by content first, then by name. */
export async function openImages(
  location: string,
  { probabilities, logits, embeddings, ...options }: OpenImagesOptions = {},
): Promise<ImageSource> {
  const outputs = { probabilities, logits, embeddings }
  const beside = Object.entries(outputs).find(([, rows]) => rows !== undefined)?.[0]
  if (options.order !== undefined && beside !== undefined) {
    throw new DriftError(
      'config.invalid',
      `expected images as they stand beside rows of ${beside}, got order ${options.order}`,
      { hint: 'Row i belongs to image i; put the outputs into the table instead.' },
    )
  }
  const probe = await probeLocation(location, options)
  const format = SOURCE_FORMATS.find((candidate) => candidate.recognises(probe))
  if (format !== undefined) {
    checkOptions(format, options, location)
    return attachModelOutputs(await format.open(probe, options), outputs)
  }
  const known = SOURCE_FORMATS.map(({ title }) => title).join('; ')
  const got = probe.bytes.size === 0 ? 'an empty file' : 'a file of another kind'
  throw new DriftError('source.unreadable', `expected images, got ${got}: ${location}`, {
    hint: `Known are: ${known}.`,
  })
}

function checkOptions(
  { kind, accepts }: SourceFormat,
  options: OpenOptions,
  location: string,
): void {
  const known = new Set<string>([...accepts, 'order', 'pixelLimit', 'signal'])
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const foreign = given.find(([name]) => !known.has(name))
  if (foreign === undefined) return
  throw new DriftError(
    'config.invalid',
    `expected only ${[...accepts, 'pixelLimit'].join(', ')} for a source of kind ${kind}, got ${foreign[0]} for ${location}`,
  )
}
