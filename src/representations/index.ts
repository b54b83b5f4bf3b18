export type { FeatureColumn, FeatureGroup, FeatureTable, Representation } from './representation.ts'
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
export { combineRepresentations } from './combined-representation.ts'
export { columnValues, concatenateColumns, selectColumns, tableOf } from './feature-table.ts'
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
} from './principal-components.ts'
