export { combineRepresentations } from './combined-representation.ts'
export {
  createFeatureStack,
  type FeatureStack,
  type ImageRepresentations,
  loadFeatureStack,
  measureQuantities,
  type PixelRepresentations,
  type StackParts,
  type VectorLengths,
  type VectorRepresentations,
} from './feature-stack.ts'
export {
  type SharedFeatureStack,
  shareFeatureStack,
  type SharedStackOptions,
} from './feature-stack-threads.ts'
export { createHashList, hashImages } from './image-hashes.ts'
export {
  lengthsOf,
  notesOnTolerated,
  pickVectors,
  requireOneClassifier,
  requireVectors,
} from './match-vectors.ts'
