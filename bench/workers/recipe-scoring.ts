/** Our worker of the topic `scoring`: images in, per-image loss and reconstruction out. */
import { parseArgs } from 'node:util'
import { openWorkerSession } from '../../src/engine/index.ts'
import { sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'
import { randomBatches, runtimeVersion, SCORERS } from './recipe-model.ts'

const { values } = parseArgs({
  options: { batch: { type: 'string' }, threads: { type: 'string' }, scorer: { type: 'string' } },
})
const batchSize = Number(values.batch ?? 128)
const threads = Number(values.threads ?? 1)
const ROWS_PER_RUN = 32
const batches = randomBatches(16, batchSize)
const model = SCORERS[(values.scorer ?? 'product') as keyof typeof SCORERS]()
// As the product scores: the rows of a batch are shared out among threads.
const sessions = await Promise.all(
  Array.from({ length: threads }, () => openWorkerSession(model, {})),
)

async function run({ steps }: { readonly steps: number }): Promise<object> {
  const started = performance.now()
  let total = 0
  for (let i = 0; i < steps; i++) {
    const batch = batches[i % batches.length]
    const sums = await Promise.all(sessions.map((_, thread) => scoreShare(thread, batch)))
    for (const sum of sums) total += sum
  }
  return { seconds: (performance.now() - started) / 1000, images: steps * batchSize, loss: total }
}

/** One thread's rows, in parts that stay in its cache. */
async function scoreShare(thread: number, batch: Tensor): Promise<number> {
  const end = Math.floor(((thread + 1) * batchSize) / threads)
  let sum = 0
  let start = Math.floor((thread * batchSize) / threads)
  for (; start < end; start += ROWS_PER_RUN) {
    const images = sliceRows(batch, start, Math.min(start + ROWS_PER_RUN, end))
    const { loss, reconstruction } = await sessions[thread].run({ images })
    sum += loss.data[0] + reconstruction.data[0]
  }
  return sum
}

await run({ steps: 3 })
await serveProcess({ name: 'pixeldrift', version: runtimeVersion() }, { run })
