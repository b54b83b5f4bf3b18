import { createHash } from 'node:crypto'
import type { ImageShape, PixelDepth, ResizePolicy } from '../images/index.ts'
import type { FeatureStack } from './feature-stack.ts'
import { canonicalJson } from './values/index.ts'

/** The form that images are brought to before they are measured. */
export type WorkingForm = {
  readonly shape: ImageShape
  readonly resize: ResizePolicy
  /** Bits of a channel that all images are rounded to; without it images keep their own. */
  readonly depth?: PixelDepth | undefined
}

/** Images to named numbers, all that was learned for it in it; the only one of the four values that has to be closed. */
export type Extractor = FeatureStack &
  WorkingForm & {
    /** Digest of its files and of the form of its images: numbers of two extractors of one id may be compared. */
    readonly id: string
  }

/** What is only looked at: how the training went. */
const SHOWN_ONLY: ReadonlySet<string> = new Set(['autoencoder.json'])

const HEXADECIMAL_DIGITS = 12

/** An extractor of what was learned and of the form its images had. */
export function createExtractor(stack: FeatureStack, form: WorkingForm): Extractor {
  let id: string | undefined
  return {
    ...stack,
    ...form,
    get id() {
      return (id ??= digestOf(stack.save(), form))
    },
  }
}

function digestOf(
  files: ReadonlyMap<string, Uint8Array>,
  { shape, resize, depth }: WorkingForm,
): string {
  const digest = createHash('sha256').update(canonicalJson({ shape, resize, depth }))
  for (const name of [...files.keys()].toSorted()) {
    if (SHOWN_ONLY.has(name)) continue
    const bytes = files.get(name) ?? new Uint8Array()
    // With its length, so that no file can pass for the end of another.
    digest.update(`\n${name} ${bytes.byteLength}\n`).update(bytes)
  }
  return digest.digest('hex').slice(0, HEXADECIMAL_DIGITS)
}
