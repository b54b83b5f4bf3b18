import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missingCifar10 } from '../../evaluation/data/cifar10.ts'
import { openProcess } from '../../evaluation/harness/worker-process.ts'
import { workerCommand } from '../harness/peers.ts'
import { pictureFolder } from '../harness/picture-folders.ts'
import { defineTopic } from '../harness/topic.ts'

type Measured = { readonly startSeconds: number; readonly seconds: number; readonly images: number }

/** Pictures as cameras and data sets have them; the larger ones are reduced to 64 pixels. */
const SETS = [
  { side: 32, working: 32, share: 1 },
  { side: 224, working: 64, share: 0.5 },
  { side: 1000, working: 64, share: 0.1 },
] as const

/** A fit needs so many. */
const FEWEST = 150

const MACHINES = [1, 10, 100]
const CORES = 8
const IMAGES = 1_000_000

/** What measuring costs, and a million images on so many machines by it. */
export const topic = defineTopic({
  title: 'The cost of measuring',
  description:
    'Processor time of measuring JPEGs on one thread, and of starting; and by it, minutes for a million images in a part for each core of machines with eight. Arithmetic: reading from a network and what the cores of a machine take from each other are not in it.',
  skipReason: missingCifar10,
  options: {
    images: { kind: 'integer', default: 3000, quick: 200, description: 'of the smallest pictures' },
  },
  run: async ({ images }, { log, signal }) => {
    const folder = await mkdtemp(join(tmpdir(), 'pixeldrift-cost-'))
    try {
      const rows: Record<string, object> = {}
      for (const { side, working, share } of SETS) {
        const count = Math.max(FEWEST, Math.round(images * share))
        const size = { height: side, width: side, working, count }
        const name = `cost-${side}-${count}`
        const pictures = await pictureFolder({ name, format: 'jpeg', ...size })
        const words = ['--detector', join(folder, `${side}.pixeldrift`), '--pictures', pictures]
        const ask = async <Answer>(cmd: string): Promise<Answer> => {
          const worker = await openProcess(workerCommand('measure-cost.ts', words), { signal })
          try {
            return await worker.ask<Answer>({ cmd, working })
          } finally {
            await worker.close()
          }
        }
        await ask('fit')
        const measured = await ask<Measured>('measure')
        rows[`${side}×${side}`] = costOf(measured)
        log(
          `${side}×${side}: ${((1000 * measured.seconds) / measured.images).toFixed(2)} ms an image`,
        )
      }
      return { coresOfAMachine: CORES, byPicture: rows }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
})

function costOf({ startSeconds, seconds, images }: Measured) {
  const millisecondsPerImage = (1000 * seconds) / images
  const minutes = MACHINES.map((machines) => {
    const parts = machines * CORES
    const all = startSeconds + (millisecondsPerImage * IMAGES) / 1000 / parts
    return [`minutesOn${machines}Machines`, all / 60] as const
  })
  return { millisecondsPerImage, startSeconds, ...Object.fromEntries(minutes) }
}
