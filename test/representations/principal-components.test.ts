import { fitPrincipalComponents, loadPrincipalComponents } from '../../src/representations/index.ts'
import { describeRepresentation } from '../contracts/representation.ts'
import { sampleImages } from './image-samples.ts'

for (const shape of [
  { channels: 1, height: 28, width: 28 },
  { channels: 3, height: 32, width: 32 },
  { channels: 1, height: 17, width: 23 },
]) {
  const training = sampleImages(60, shape)
  const name = `principal components of ${shape.channels}×${shape.height}×${shape.width}`
  describeRepresentation(name, async () => ({
    representation: fitPrincipalComponents({ training, seed: 3 }),
    pixels: sampleImages(4, shape, 9),
    load: loadPrincipalComponents,
  }))
}
