/** Our worker for a folder of JPEGs: decodes them, and scores them with the autoencoder, measures all features, or checks the batch. */
import { measureRows } from '../../src/representations/index.ts'
import { parseArgs } from 'node:util'
import { loadDetector } from '../../src/detector/index.ts'
import { limitImages, openImages } from '../../src/images/index.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'
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
  const images = await (values.mode === 'check' ? check(steps) : read(steps))
  return { seconds: (performance.now() - started) / 1000, images }
}

/** A step is a check of the whole folder. */
async function check(steps: number): Promise<number> {
  let images = 0
  for (let step = 0; step < steps; step++) images += (await detector.check(source)).judgement.count
  return images
}

async function read(steps: number): Promise<number> {
  let images = 0
  while (images < steps * IMAGES_PER_STEP) images += await pass(steps * IMAGES_PER_STEP - images)
  return images
}

/** Goes through the folder once, or stops at `limit` images; returns their number. */
async function pass(limit: number): Promise<number> {
  const part = limitImages(source, limit)
  let images = 0
  if (values.mode === 'measure') {
    for await (const { count } of detector.measure(part)) images += count
    return images
  }
  for await (const { pixels, records } of part.batches({ shape: { channels, height, width } })) {
    if (values.mode === 'score') await measureRows(detector.extractor.autoencoder, { pixels })
    images += records.length
  }
  return images
}

await run({ steps: 2 })
await serveProcess({ name: `pixeldrift ${values.mode}`, version: runtimeVersion() }, { run })
