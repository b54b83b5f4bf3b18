/**
 * Builds a small network, trains it and runs it: two rings of points that no straight line parts.
 * Run: npx node examples/train-a-graph.ts
 * In a project of your own, import from 'pixeldrift/engine' and 'pixeldrift/tensor'.
 */
import { writeFile } from 'node:fs/promises'
import {
  adam,
  constantParameters,
  denseLayer,
  FREE,
  oneCycleSchedule,
  openSession,
  ops,
  reluLayer,
  sequential,
  softmaxCrossEntropy,
  train,
  type TrainingTask,
  writeModel,
} from '../src/engine/index.ts'
import { createRandom, tensor } from '../src/tensor/index.ts'

const network = sequential([denseLayer(2, 16), reluLayer, denseLayer(16, 2)])

// A task is its parameters, the rows of its inputs, and a loss: gradients and updates are derived from it.
const task: TrainingTask = {
  parameters: network.parameters,
  inputs: { points: [2], classes: [2] },
  loss: ({ points, classes }, parameters, context) =>
    ops.reduceMean(softmaxCrossEntropy(network.apply(points, parameters, context), classes), [0]),
}

/** Points on rings of radius 1 and 2; the class is one-hot. */
function rings(count: number, seed: number) {
  const random = createRandom(seed)
  const points = new Float32Array(2 * count)
  const classes = new Float32Array(2 * count)
  for (let row = 0; row < count; row++) {
    const ring = random.integer(2)
    const angle = 2 * Math.PI * random.uniform()
    const radius = 1 + ring + 0.1 * random.normal()
    points.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * row)
    classes[2 * row + ring] = 1
  }
  return { points: tensor([count, 2], points), classes: tensor([count, 2], classes) }
}

const { parameters, history } = await train(task, {
  training: rings(2000, 1),
  validation: rings(500, 2),
  epochs: 10,
  batchSize: 50,
  optimizer: adam(),
  schedule: oneCycleSchedule({ peak: 0.02 }),
  seed: 1,
})
for (const { epoch, validationLoss } of history) {
  console.log(`epoch ${epoch}: validation loss ${validationLoss.toFixed(4)}`)
}

// The trained network as an ONNX model, for this runtime or any other.
const input = ops.input('points', [FREE, 2])
const logits = network.apply(input, constantParameters(parameters, network.parameters), {})
const model = writeModel({ name: 'rings', outputs: { probabilities: ops.softmax(logits) } })
await writeFile('rings.onnx', model)

const test = rings(1000, 3)
const session = await openSession(model)
const { probabilities } = await session.run({ points: test.points })
const right = test.classes.data.filter((one, i) => one === 1 && probabilities.data[i] > 0.5).length
console.log(`${right} of 1000 new points are told apart`)
await session.close()
