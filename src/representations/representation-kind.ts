import type { SessionOptions } from '../engine/index.ts'
import type { ImageShape, SideInputs } from '../images/index.ts'
import type { Tensor } from '../tensor/index.ts'
import type { FitAutoencoderOptions } from './autoencoder/fit-autoencoder.ts'
import type { ClassifierInput } from './classifier/classifier-settings.ts'
import type { FeatureTable, Representation } from './representation.ts'
import type { SavedFiles } from './saved-files.ts'

/** Images to learn from, and what is known of them beside the pixels. */
export type LearningPart = { readonly pixels: Tensor; readonly sideInputs?: SideInputs }

/** All that a kind may be fitted on; images of the reference are not among it. */
export type Learning = {
  readonly training: LearningPart
  readonly validation: LearningPart
  /** Of the images. */
  readonly shape: ImageShape
  readonly seed: number
  /** How the autoencoder is trained, and what it is told meanwhile. */
  readonly trainer?: Omit<FitAutoencoderOptions, 'training' | 'validation' | 'seed'> | undefined
  readonly classifier?: ClassifierInput | undefined
  /** Whether the images come as files that are to be looked at. */
  readonly hasFiles: boolean
  /** What the kinds fitted before measure of the validation images, for those that are measured on columns. */
  readonly quantities: () => Promise<FeatureTable>
  /** What the kinds fitted before measure of the pixels alone of any images; without any, of the validation images. */
  readonly measure: (pixels?: Tensor) => Promise<FeatureTable>
}

/** A kind of representation: how one comes to be, and how it comes back from its files. */
export type RepresentationKind = {
  readonly name: string
  /** One of the files it saves, by which it is known to be there. */
  readonly file: string
  /** Not every extractor has one. */
  readonly isOptional?: true | undefined
  /** Artifacts of older versions have none. */
  readonly isLater?: true | undefined
  /** Fitted before all others: its failure should not wait for a training. */
  readonly isFirst?: true | undefined
  /** Undefined where there is nothing to make one of. */
  readonly fit: (learning: Learning) => MaybeLater<Representation | undefined>
  /** Rebuilds what `save` wrote; throws DriftError('artifact.corrupt') where a file is missing or damaged. */
  readonly load: (files: SavedFiles, options?: SessionOptions) => MaybeLater<Representation>
}

type MaybeLater<T> = T | Promise<T>
