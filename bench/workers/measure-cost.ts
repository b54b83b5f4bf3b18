/** Our worker of the topic `measure-cost`: measures a folder of pictures on one thread, by the processor's clock. */
import { parseArgs } from 'node:util'
import { fit, loadDetector } from '../../src/detector/index.ts'
import { limitImages, openImages } from '../../src/images/index.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'
import { runtimeVersion } from './recipe-model.ts'

const { values } = parseArgs({
  options: { detector: { type: 'string', default: '' }, pictures: { type: 'string', default: '' } },
})

const FITTED = 200

async function fitOne({ working }: { readonly working: number }): Promise<object> {
  const source = limitImages(await openImages(values.pictures), FITTED)
  await using detector = await fit(source, { workingSide: working, epochs: 1, seed: 1 })
  await detector.save(values.detector)
  return {}
}

/** Seconds of the processor since the process began, all threads together. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function measure(): Promise<object> {
  await using detector = await loadDetector(values.detector, { threads: 1 })
  const source = await openImages(values.pictures)
  const startSeconds = processorSeconds()
  let images = 0
  for await (const { count } of detector.measure(source)) images += count
  return { startSeconds, seconds: processorSeconds() - startSeconds, images }
}

await serveProcess(
  { name: 'pixeldrift measure', version: runtimeVersion() },
  { fit: fitOne, measure },
)
