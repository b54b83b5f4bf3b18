/** Our worker of the topic `features`: images in, the numbers of the autoencoder or of all features out. */
import { parseArgs } from 'node:util'
import { loadCifar10 } from '../../evaluation/data/cifar10.ts'
import { loadPooledMnist } from '../../evaluation/data/mnist.ts'
import { unpackImages } from '../../evaluation/data/packed-images.ts'
import { loadDetector } from '../../src/detector/index.ts'
import { extractOnThreads, loadExtractor } from '../../src/measuring/index.ts'
import { measureRows } from '../../src/representations/index.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'
import { runtimeVersion } from './recipe-model.ts'

const BATCH = 1000

const { values } = parseArgs({
  options: {
    detector: { type: 'string', default: '' },
    images: { type: 'string' },
    measure: { type: 'string' },
    threads: { type: 'string' },
  },
})
const threads = Number(values.threads ?? 1)
const extractor = await openExtractor(values.detector)
const batch = await readBatch()
const measure =
  values.measure === 'autoencoder'
    ? () => measureRows(extractor.autoencoder, { pixels: batch })
    : () => extractor.transform(batch)

/** On one thread without any others, else with as many that share the rows. */
async function openExtractor(path: string) {
  const detector = await loadDetector(path)
  const single = await loadExtractor(detector.extractor.save(), detector.extractor, {
    threads: 1,
  })
  await detector.close()
  if (threads === 1) return single
  const shared = extractOnThreads(single, { threads })
  await shared.start()
  return shared
}

async function readBatch() {
  const images = values.images === 'mnist' ? await loadPooledMnist() : await loadCifar10('test')
  return unpackImages(
    images,
    Uint32Array.from({ length: BATCH }, (_, row) => row),
  )
}

async function run({ steps }: { readonly steps: number }): Promise<object> {
  const started = performance.now()
  for (let i = 0; i < steps; i++) await measure()
  return { seconds: (performance.now() - started) / 1000, images: steps * BATCH }
}

await run({ steps: 5 })
await serveProcess({ name: `pixeldrift ${values.measure}`, version: runtimeVersion() }, { run })
