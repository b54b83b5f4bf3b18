import { openProcess } from '../../evaluation/harness/worker-process.ts'
import { workerCommand } from '../harness/peers.ts'
import { fitPhotographs, manyPhotographs, missingPhotographs } from '../harness/photographs.ts'
import { spreadOf } from '../harness/ratios.ts'
import { type BenchContext, defineTopic } from '../harness/topic.ts'

type Memory = {
  readonly images: number
  readonly whileReadingMiB: number
  readonly peakMiB: number
}

const COPIES = 10

/** Memory of a check as the number of images grows. */
export const topic = defineTopic({
  title: 'Memory of a check',
  description: 'Resident memory while checking few and many JPEGs from a folder.',
  options: {
    counts: {
      kind: 'integers',
      default: [10_000, 100_000],
      quick: [1000, 3000],
      description: 'Images of each check, few first.',
    },
    rounds: { kind: 'integer', default: 3, quick: 1, description: 'Checks of each size.' },
  },
  skipReason: missingPhotographs,
  run: async ({ counts, rounds }, context) => {
    const folder = await manyPhotographs(COPIES)
    const words = ['--folder', folder, '--detector', await fitPhotographs(context)]
    const checks = new Map<number, Memory[]>(counts.map((count) => [count, []]))
    for (let round = 0; round < rounds; round++) {
      for (const count of counts) checks.get(count)?.push(await checkOnce(words, count, context))
    }
    const byCount = counts.map((count) => [count, summarise(checks.get(count) ?? [])] as const)
    const [few, many] = [byCount[0][1], byCount[byCount.length - 1][1]]
    return {
      increaseWhileReading: many.whileReadingMiB.median / few.whileReadingMiB.median - 1,
      increaseOfPeak: many.peakMiB.median / few.peakMiB.median - 1,
      byImages: Object.fromEntries(byCount),
    }
  },
})

/** A process of its own for each check: memory that one has freed must not serve the next. */
async function checkOnce(
  words: readonly string[],
  images: number,
  { log, signal }: BenchContext,
): Promise<Memory> {
  const worker = await openProcess(workerCommand('memory.ts', words), { signal })
  try {
    const memory = await worker.ask<Memory>({ cmd: 'check', images })
    log(
      `${memory.images} images: ${Math.round(memory.whileReadingMiB)} MiB while reading, peak ${Math.round(memory.peakMiB)} MiB`,
    )
    return memory
  } finally {
    await worker.close()
  }
}

function summarise(checks: readonly Memory[]) {
  return {
    whileReadingMiB: spreadOf(checks.map(({ whileReadingMiB }) => whileReadingMiB)),
    peakMiB: spreadOf(checks.map(({ peakMiB }) => peakMiB)),
  }
}
