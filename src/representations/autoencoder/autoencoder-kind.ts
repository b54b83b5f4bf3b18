import type { RepresentationKind } from '../representation-kind.ts'
import { AUTOENCODER, loadAutoencoder, MODEL_FILE } from './autoencoder.ts'
import { fitAutoencoder } from './fit-autoencoder.ts'

/** Losses and code of the autoencoder that is trained on the images. */
export const autoencoderKind: RepresentationKind = {
  name: AUTOENCODER,
  file: MODEL_FILE,
  fit: ({ training, validation, seed, trainer }) =>
    fitAutoencoder({
      training: training.pixels,
      validation: validation.pixels,
      seed,
      ...trainer,
    }),
  load: loadAutoencoder,
}
