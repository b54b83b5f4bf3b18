import { openProcess } from '../../evaluation/harness/worker-process.ts'
import { workerCommand } from '../harness/peers.ts'
import { defineTopic } from '../harness/topic.ts'

type Fitted = {
  readonly seconds: Readonly<Record<string, number>>
  readonly plannedMegabytes: number
  readonly peakMegabytes: number
}

/** What a fit of large images takes. */
export const topic = defineTopic({
  title: 'Fitting large images',
  description:
    'Seconds of reading, of one epoch of training and of measuring, and memory at the peak beside what was said before reading.',
  options: {
    images: { kind: 'integer', default: 2000, quick: 120, description: 'Images to fit on.' },
    side: { kind: 'integer', default: 224, quick: 112, description: 'Height and width in pixels.' },
    channels: { kind: 'integer', default: 3, quick: 3, description: '1 or 3.' },
  },
  run: async (request, { log, signal }) => {
    const worker = await openProcess(workerCommand('large-images.ts', []), { signal })
    try {
      const fitted = await worker.ask<Fitted>({ cmd: 'fit', ...request })
      log(
        `peak ${Math.round(fitted.peakMegabytes)} MB of ${Math.round(fitted.plannedMegabytes)} MB planned`,
      )
      return fitted
    } finally {
      await worker.close()
    }
  },
})
