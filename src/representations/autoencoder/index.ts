export {
  type Architecture,
  bottleneckArchitecture,
  codeSizeFor,
  recipeArchitecture,
} from './architecture.ts'
export { type Autoencoder, loadAutoencoder, openAutoencoder } from './autoencoder.ts'
export { autoencoderKind } from './autoencoder-kind.ts'
export {
  type AutoencoderPreset,
  fitAutoencoder,
  type FitAutoencoderOptions,
  reconstructionTask,
} from './fit-autoencoder.ts'
export { writeScorer } from './scorer.ts'
