/** Our worker for a folder of JPEGs: decodes them, and scores them with the autoencoder or measures all features. */
import { measureRows } from '../../src/representations/index.ts'
import { parseArgs } from 'node:util'
import { loadDetector } from '../../src/detector/index.ts'
import { limitImages, openImages } from '../../src/images/index.ts'
import { serve } from './line-protocol.ts'
import { runtimeVersion } from './recipe-model.ts'

const IMAGES_PER_STEP = 256

const { values } = parseArgs({
  options: {
    mode: { type: 'string' },
    folder: { type: 'string', default: '' },
    detector: { type: 'string', default: '' },
  },
})
const detector = await loadDetector(values.detector)
const [channels, height, width] = detector.manifest.shape
const source = await openImages(values.folder)

async function run({ steps }: { readonly steps: number }): Promise<object> {
  const started = performance.now()
  let images = 0
  while (images < steps * IMAGES_PER_STEP) images += await pass(steps * IMAGES_PER_STEP - images)
  return { seconds: (performance.now() - started) / 1000, images }
}

/** Goes through the folder once, or stops at `limit` images; returns their number. */
async function pass(limit: number): Promise<number> {
  const part = limitImages(source, limit)
  let images = 0
  for await (const { pixels, records } of part.batches({ shape: { channels, height, width } })) {
    if (values.mode === 'score') await measureRows(detector.stack.autoencoder, { pixels })
    if (values.mode === 'measure') await detector.stack.transform(pixels)
    images += records.length
  }
  return images
}

await run({ steps: 2 })
await serve({ name: `pixeldrift ${values.mode}`, version: runtimeVersion() }, { run })
