export { sideInputsOf } from './side-inputs.ts'
export { combineRepresentations } from './combined-representation.ts'
export { digestOfFiles } from './digest-of-files.ts'
export { createExtractor, type Extractor, type WorkingForm } from './extractor.ts'
export { measure, type MeasuredBatch, type MeasureOptions } from './measure.ts'
export {
  type ImagesInMemory,
  measurePixels,
  type MeasurePixelsOptions,
  type PixelTransform,
} from './measure-pixels.ts'
export {
  createFeatureStack,
  type FeatureStack,
  loadFeatureStack,
  measureQuantities,
  type ModelOutputLengths,
} from './feature-stack.ts'
export {
  type SharedFeatureStack,
  shareFeatureStack,
  type SharedStackOptions,
} from './feature-stack-threads.ts'
export { type FeaturesFile, openFeatures } from './features-file/read-features.ts'
export { createFeaturesWriter, type FeaturesWriter } from './features-file/write-features.ts'
export { createHashList, hashImages } from './image-hashes.ts'
export {
  lengthsOf,
  pickSideInputs,
  requireModelOutputs,
  requireOneClassifier,
} from './match-model-outputs.ts'
export {
  type ExactSums,
  foldMeasurements,
  type MeasuredBy,
  type MeasuredImage,
  type MeasuredSource,
  type Measurements,
  type MeasurementsFold,
  mergeMeasurements,
  mergeSkipped,
  noMeasurements,
} from './values/index.ts'
