export { sideInputsOf } from './side-inputs.ts'
export { combineRepresentations } from './combined-representation.ts'
export { digestOfFiles } from './digest-of-files.ts'
export {
  createExtractor,
  type Extractor,
  loadExtractor,
  loadRepresentations,
  type ModelOutputLengths,
  type WorkingForm,
} from './extractor.ts'
export {
  extractOnThreads,
  type ExtractorThreadsOptions,
  type ThreadedExtractor,
} from './extractor-threads.ts'
export { measure, type MeasuredBatch, type MeasureOptions } from './measure.ts'
export {
  type ImagesInMemory,
  measurePixels,
  type MeasurePixelsOptions,
  pixelTransform,
  type PixelTransform,
} from './measure-pixels.ts'
export { measureQuantities } from './measure-quantities.ts'
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
