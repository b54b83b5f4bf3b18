import { autoencoderKind } from './autoencoder/index.ts'
import { classifierOutputsKind } from './classifier-outputs.ts'
import { embeddingComponentsKind } from './embedding-components.ts'
import { filePropertiesKind } from './file-properties.ts'
import { precomputedOutputsKind } from './precomputed-outputs.ts'
import { imagePropertiesKind } from './image-properties.ts'
import { outlierScoreKind } from './outlier-score.ts'
import { placesKind } from './places/index.ts'
import { principalComponentsKind } from './principal-components.ts'
import { witnessKind } from './witness/witness-kind.ts'
import type { RepresentationKind } from './representation-kind.ts'

/** Everything that is measured of an image, in the order of its columns; what is measured on columns stands behind those. */
export const REPRESENTATION_KINDS: readonly RepresentationKind[] = [
  autoencoderKind,
  imagePropertiesKind,
  principalComponentsKind,
  classifierOutputsKind,
  precomputedOutputsKind,
  embeddingComponentsKind,
  outlierScoreKind,
  witnessKind,
  filePropertiesKind,
  placesKind,
]
