export type { FeatureGroup } from '../feature-groups.ts'
export type {
  ColumnTarget,
  FeatureColumn,
  FeatureTable,
  ImageInputs,
  ModelClasses,
  Needs,
  PlaceMeter,
  Representation,
} from './representation.ts'
export type { Learning, LearningPart, RepresentationKind } from './representation-kind.ts'
export { countRows, measureRows, requireInput } from './inputs.ts'
export { type PlaceMap, placesOf } from './places/index.ts'
export { REPRESENTATION_KINDS } from './kinds.ts'
export {
  type Architecture,
  type Autoencoder,
  type AutoencoderPreset,
  bottleneckArchitecture,
  codeSizeFor,
  fitAutoencoder,
  type FitAutoencoderOptions,
  loadAutoencoder,
  openAutoencoder,
  recipeArchitecture,
  reconstructionTask,
  writeScorer,
} from './autoencoder/index.ts'
export {
  type Classifier,
  loadClassifier,
  openClassifier,
  type OpenClassifierOptions,
} from './classifier-outputs.ts'
export {
  type ClassifierOutputKind,
  classifierTable,
  type ClassifierTableOptions,
  nameColumns,
} from './classifier/output-columns.ts'
export type { ClassifierInput, ClassifierSettings } from './classifier/classifier-settings.ts'
export type { ClassifierPreprocessing } from './classifier/preprocessing.ts'
export { requireClassNames } from './classifier/class-names.ts'
export {
  fitEmbeddingComponents,
  type FitEmbeddingComponentsOptions,
  loadEmbeddingComponents,
} from './embedding-components.ts'
export { runtimeVersion } from '../engine/index.ts'
export {
  columnValues,
  concatenateColumns,
  copyRows,
  selectColumns,
  tableOf,
  wholeRows,
} from './feature-table.ts'
export {
  createPrecomputedOutputs,
  loadPrecomputedOutputs,
  type PrecomputedOutputsSettings,
} from './precomputed-outputs.ts'
export { createImageProperties, loadImageProperties } from './image-properties.ts'
export { fitOutlierScore, type FitOutlierScoreOptions, loadOutlierScore } from './outlier-score.ts'
export {
  fitPrincipalComponents,
  type FitPrincipalComponentsOptions,
  loadPrincipalComponents,
} from './principal-components.ts'
export { fitWitness, type WitnessLearning } from './witness/witness-kind.ts'
