import type { ImageShape } from '../../images/index.ts'
import type { ClassifierOutputKind } from './output-columns.ts'
import type { ClassifierPreprocessing } from './preprocessing.ts'

/** What the tool can't read from the model file itself. */
export type ClassifierSettings = {
  /** Of the images, not of the model. */
  readonly shape: ImageShape
  /** How pixels in [0, 1] become what the model takes. Default: as they are, in the layout it declares. */
  readonly preprocessing?: ClassifierPreprocessing | undefined
  /** Name of the output with the scores; default the only one of shape N×K. */
  readonly output?: string | undefined
  /** Default: found by running the model on a few plain images. */
  readonly outputKind?: ClassifierOutputKind | undefined
  /** One per class, for titles. */
  readonly classNames?: readonly string[] | undefined
}

/** The user's own ONNX classifier, and how images are prepared for it. */
export type ClassifierInput = Omit<ClassifierSettings, 'shape'> & { readonly model: Uint8Array }
