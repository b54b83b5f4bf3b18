import type { ImageShape, PixelDepth, ResizePolicy } from '../images/index.ts'
import { digestOfFiles } from './digest-of-files.ts'
import type { FeatureStack } from './feature-stack.ts'

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

/** An extractor of what was learned and of the form its images had. */
export function createExtractor(stack: FeatureStack, form: WorkingForm): Extractor {
  const { shape, resize, depth } = form
  return {
    ...stack,
    ...form,
    id: digestOfFiles(stack.save(), { shape, resize, depth }, SHOWN_ONLY),
  }
}
