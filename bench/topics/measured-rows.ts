import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openProcess } from '../../evaluation/harness/worker-process.ts'
import { workerCommand } from '../harness/peers.ts'
import { type BenchContext, defineTopic } from '../harness/topic.ts'

type Checked = {
  readonly rows: number
  readonly tested: number
  readonly secondsOfReading: number
  readonly secondsOfJudging: number
  readonly peakMiB: number
}

/** What a check of images that were measured elsewhere takes, as their number grows. */
export const topic = defineTopic({
  title: 'Checking measured rows',
  description: 'Seconds and memory of a check of few and many rows of features from a file.',
  options: {
    counts: {
      kind: 'integers',
      default: [100_000, 1_000_000],
      quick: [20_000, 40_000],
      description: 'Rows of each check, few first.',
    },
  },
  run: async ({ counts }, context) => {
    const folder = await mkdtemp(join(tmpdir(), 'pixeldrift-rows-'))
    try {
      const checks: [number, Checked & { readonly megabytes: number }][] = []
      for (const count of counts) checks.push([count, await checkRows(folder, count, context)])
      const [few, many] = [checks[0][1], checks[checks.length - 1][1]]
      return {
        increaseOfPeak: many.peakMiB / few.peakMiB - 1,
        byRows: Object.fromEntries(checks),
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
})

/** A process of its own makes the file, and another checks it: memory of the one must not count for the other. */
async function checkRows(folder: string, rows: number, { log, signal }: BenchContext) {
  const file = join(folder, `${rows}.parquet`)
  const words = ['--detector', join(folder, 'd.pixeldrift'), '--file', file]
  const ask = async <Answer>(request: {
    readonly cmd: string
    readonly rows?: number
  }): Promise<Answer> => {
    const worker = await openProcess(workerCommand('measured-rows.ts', words), { signal })
    try {
      return await worker.ask<Answer>(request)
    } finally {
      await worker.close()
    }
  }
  await ask({ cmd: 'prepare', rows })
  const checked = await ask<Checked>({ cmd: 'check' })
  const megabytes = (await stat(file)).size / 1e6
  await rm(file)
  log(
    `${rows} rows: ${checked.secondsOfReading.toFixed(1)} s reading, ${checked.secondsOfJudging.toFixed(1)} s judging, peak ${Math.round(checked.peakMiB)} MiB`,
  )
  return { ...checked, megabytes }
}
