export type {
  ColumnTarget,
  FeatureColumn,
  FeatureGroup,
  FeatureTable,
  Representation,
} from './representation.ts'
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
  type ClassifierSettings,
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
export type { ClassifierPreprocessing } from './classifier/preprocessing.ts'
export { requireClassNames } from './classifier/class-names.ts'
export {
  type EmbeddingComponents,
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
  writingInto,
} from './feature-table.ts'
export {
  createGivenOutputs,
  type GivenOutputs,
  type GivenOutputsSettings,
  loadGivenOutputs,
} from './given-outputs.ts'
export { createImageProperties, loadImageProperties } from './image-properties.ts'
export {
  fitOutlierScore,
  type FitOutlierScoreOptions,
  loadOutlierScore,
  type OutlierScore,
} from './outlier-score.ts'
export {
  fitPrincipalComponents,
  type FitPrincipalComponentsOptions,
  loadPrincipalComponents,
  type PrincipalComponents,
} from './principal-components.ts'
