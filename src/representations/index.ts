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
