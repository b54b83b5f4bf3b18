/** Our worker of the topic `training`: the recipe's training step, each step's noise a slice, at a random place, of a bank of normal draws. */
import { parseArgs } from 'node:util'
import { adadelta, graphAugmentation, openTrainingStep } from '../../src/engine/index.ts'
import { recipeArchitecture, reconstructionTask } from '../../src/representations/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'
import { randomBatches, recipeParameters, runtimeVersion, SHAPE } from './recipe-model.ts'

const { values } = parseArgs({
  options: { batch: { type: 'string' }, threads: { type: 'string' } },
})
const batchSize = Number(values.batch ?? 128)
const random = createRandom(0)
const batches = randomBatches(16, batchSize)
const step = await openTrainingStep(
  reconstructionTask(recipeArchitecture(SHAPE), SHAPE, graphAugmentation({ noise: 0.5 }, SHAPE)),
  {
    batchSize,
    optimizer: adadelta({ rho: 0.95 }),
    parameters: recipeParameters(),
    random,
    ...(values.threads === undefined ? {} : { threads: Number(values.threads) }),
  },
)
let done = 0

async function run({ steps }: { readonly steps: number }): Promise<object> {
  const started = performance.now()
  let loss = 0
  for (let i = 0; i < steps; i++) {
    const images = batches[i % batches.length]
    loss = await step.run({ images }, { learningRate: 1, step: ++done, random })
  }
  return { seconds: (performance.now() - started) / 1000, images: steps * batchSize, loss }
}

await run({ steps: 3 })
await serveProcess({ name: 'pixeldrift', version: runtimeVersion() }, { run })
