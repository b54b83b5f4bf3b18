/** Our worker of the topic `memory`: one check of so many photographs, watching its own memory. */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { loadDetector } from '../../src/detector/index.ts'
import { limitImages, openImages } from '../../src/images/index.ts'
import { spreadOf } from '../harness/ratios.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'
import { runtimeVersion } from './recipe-model.ts'

// As the command does at its start: space for short-lived objects keeps its size.
setFlagsFromString('--semi-space-growth-factor=1')

const MIB = 2 ** 20
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '' },
    detector: { type: 'string', default: '' },
  },
})

async function check({ images }: { readonly images: number }): Promise<object> {
  const detector = await loadDetector(values.detector)
  const source = limitImages(await openImages(values.folder), images)
  const samples: number[] = []
  const { judgement } = await detector.check(source, {
    onProgress: () => samples.push(process.memoryUsage.rss() / MIB),
  })
  return {
    images: judgement.count,
    whileReadingMiB: spreadOf(samples.slice(samples.length >> 1)).median,
    // The kernel counts in KiB.
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }
}

await serveProcess({ name: 'pixeldrift check', version: runtimeVersion() }, { check })
