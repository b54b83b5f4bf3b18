/** Our worker of the topic `measured-rows`: makes a file of so many measured images, and checks it. */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { probeImages } from '../../evaluation/fingerprint/probe-images.ts'
import { fit, loadDetector } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import {
  createFeaturesWriter,
  foldMeasurements,
  type Measurements,
  noMeasurements,
  openFeatures,
} from '../../src/measuring/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'
import { runtimeVersion } from './recipe-model.ts'

// As the command does at its start: space for short-lived objects keeps its size.
setFlagsFromString('--semi-space-growth-factor=1')

const { values } = parseArgs({
  options: { detector: { type: 'string', default: '' }, file: { type: 'string', default: '' } },
})

const FITTED = 3000
const ROWS_AT_ONCE = 4096

/** Fits a detector of small images and writes `rows` rows: those of its reference, again and again, a little moved. */
async function prepare({ rows }: { readonly rows: number }): Promise<object> {
  await using detector = await fit(arrayImages(probeImages(FITTED, 1, 1)), { seed: 1, epochs: 2 })
  await detector.save(values.detector)
  const by = { extractorId: detector.extractor.id, columns: detector.extractor.columns }
  const writer = createFeaturesWriter(values.file, by)
  const random = createRandom(1)
  const { table } = detector.baseline
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rows - start)
    const width = by.columns.length
    const own = new Float32Array(count * width)
    for (let i = 0; i < count; i++) {
      const from = random.integer(table.rows) * width
      for (let k = 0; k < width; k++) {
        own[i * width + k] = table.values[from + k] * (1 + 1e-4 * random.normal())
      }
    }
    const images = Array.from({ length: count }, (_, i) => ({
      record: { id: `image ${start + i}` },
      place: start + i,
      hash: start + i,
    }))
    const part: Measurements = { ...noMeasurements(by), images, values: own, count }
    writer.add(part)
  }
  writer.finish()
  return { columns: by.columns.length }
}

/** One check of the file, as the command makes it. */
async function check(): Promise<object> {
  await using detector = await loadDetector(values.detector)
  const { id: extractorId, columns } = detector.extractor
  const started = performance.now()
  const fold = foldMeasurements({ extractorId, columns })
  const file = await openFeatures(values.file)
  for await (const part of file?.parts() ?? []) fold.add(part)
  const read = performance.now()
  const { judgement } = await detector.judge(fold.taken())
  return {
    rows: judgement.count,
    tested: judgement.tested.images,
    secondsOfReading: (read - started) / 1000,
    secondsOfJudging: (performance.now() - read) / 1000,
    // The kernel counts in KiB.
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }
}

await serveProcess(
  { name: 'pixeldrift check of features', version: runtimeVersion() },
  { prepare, check },
)
