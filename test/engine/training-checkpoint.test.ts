import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import {
  adam,
  binaryCrossEntropy,
  clipped,
  constantSchedule,
  denseLayer,
  gaussianNoiseLayer,
  graphAugmentation,
  oneCycleSchedule,
  ops,
  reluLayer,
  reshapeLayer,
  sequential,
  sgd,
  train,
  type TrainingOptions,
  type TrainingResult,
  type TrainingTask,
} from '../../src/engine/index.ts'
import {
  type Checkpoint,
  readCheckpoint,
  writeCheckpoint,
} from '../../src/engine/training/checkpoint.ts'
import { fingerprintOf } from '../../src/engine/training/fingerprint.ts'
import { createRandom, tensor } from '../../src/tensor/index.ts'
import { drawTensor } from './graph-evaluate.ts'

const folder = await mkdtemp(join(tmpdir(), 'checkpoint-'))
after(() => rm(folder, { recursive: true }))

const size = { channels: 1, height: 4, width: 4 }

/** Draws inside the graph and outside, several parts of a batch: all that could be forgotten by a checkpoint. */
function noisyTask({ noise = 0.1, rotation = 20, hidden = 5 } = {}): TrainingTask {
  const augmentation = graphAugmentation({ rotation }, size)
  const network = sequential([
    ...(noise === 0 ? [] : [gaussianNoiseLayer(noise)]),
    reshapeLayer([16]),
    denseLayer(16, hidden),
    reluLayer,
    denseLayer(hidden, 16),
    reshapeLayer([1, 4, 4]),
  ])
  return {
    parameters: network.parameters,
    inputs: { images: [1, 4, 4] },
    draws: augmentation,
    loss: (inputs, parameters, context) => {
      const images =
        context.noise === undefined
          ? inputs['images']
          : augmentation.transform(inputs['images'], inputs)
      return ops.reduceMean(binaryCrossEntropy(network.apply(images, parameters, context), images))
    },
  }
}

const images = drawTensor(createRandom(1), [40, 1, 4, 4], [0, 1])
const others = drawTensor(createRandom(2), [40, 1, 4, 4], [0, 1])

const settings: TrainingOptions = {
  training: { images },
  validation: { images: drawTensor(createRandom(3), [10, 1, 4, 4], [0, 1]) },
  epochs: 6,
  batchSize: 16,
  optimizer: adam(),
  schedule: oneCycleSchedule({ peak: 0.05 }),
  seed: 4,
  threads: 2,
}

type Changes = Partial<TrainingOptions> & {
  readonly batchSize?: number
  readonly task?: TrainingTask
}

type Run = { readonly result: TrainingResult; readonly epochs: readonly number[] }

async function run(
  checkpoint: string | undefined,
  { task = noisyTask(), ...changes }: Changes = {},
): Promise<Run> {
  const epochs: number[] = []
  const result = await train(task, {
    ...settings,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...changes,
    onEpoch: ({ epoch }) => void epochs.push(epoch),
  })
  return { result, epochs }
}

/** Ends in the middle of an epoch after `finished` whole ones. */
async function killAfter(finished: number, checkpoint: string): Promise<void> {
  const killed = train(noisyTask(), {
    ...settings,
    checkpoint,
    onProgress: ({ epoch }) => {
      if (epoch > finished) throw new Error('killed')
    },
  })
  await assert.rejects(killed, /killed/)
}

describe('a training that was killed', () => {
  it('goes on as if nothing had happened, to the last bit', async () => {
    const path = join(folder, 'killed')
    await killAfter(3, path)
    const whole = await run(undefined)
    const resumed = await run(path)
    assert.deepEqual(resumed.epochs, [4, 5, 6])
    assert.deepEqual(resumed.result, whole.result)
  })

  it('keeps the best epoch from before it was killed', async () => {
    const path = join(folder, 'best')
    const worsening = {
      task: noisyTask({ noise: 0 }),
      schedule: (step: number) => (step < 4 ? 0.05 : 5),
    }
    const whole = await run(undefined, worsening)
    assert.ok(whole.result.bestEpoch < 3)
    const killed = run(path, {
      ...worsening,
      onProgress: ({ epoch }) => assert.ok(epoch < 4, 'killed'),
    })
    await assert.rejects(killed, /killed/)
    assert.deepEqual((await run(path, worsening)).result, whole.result)
  })

  it('has nothing left to do when it had ended', async () => {
    const path = join(folder, 'ended')
    const task = noisyTask({ noise: 0 })
    const { result } = await run(path, { task })
    assert.deepEqual(await run(path, { task }), { result, epochs: [] })
  })

  it('begins again with other settings, and goes on with another number of threads', async () => {
    const path = join(folder, 'foreign')
    const task = noisyTask({ noise: 0 })
    await run(path, { task, epochs: 2 })
    assert.deepEqual((await run(path, { task, epochs: 2, threads: 1 })).epochs, [])
    assert.deepEqual((await run(path, { task, epochs: 2, seed: 5 })).epochs, [1, 2])
  })
})

describe('the fingerprint of a training', () => {
  const fingerprint = ({ task = noisyTask(), ...changes }: Changes = {}) =>
    fingerprintOf(task, { ...settings, batchSize: 16, rows: 40, ...changes })

  const changes: Readonly<Record<string, Changes>> = {
    'training images': { training: { images: others } },
    'validation images': { validation: { images: others } },
    seed: { seed: 5 },
    epochs: { epochs: 7 },
    'batch size': { batchSize: 8 },
    patience: { patience: 5 },
    schedule: { schedule: constantSchedule(0.05) },
    'the schedule’s end': { schedule: oneCycleSchedule({ peak: 0.05, end: 0.02 }) },
    optimizer: { optimizer: sgd() },
    'the optimizer’s settings': { optimizer: adam({ beta1: 0.8 }) },
    clipping: { optimizer: clipped(adam(), 1) },
    noise: { task: noisyTask({ noise: 0.2 }) },
    rotation: { task: noisyTask({ rotation: 30 }) },
    width: { task: noisyTask({ hidden: 6 }) },
  }
  for (const [name, change] of Object.entries(changes)) {
    it(`differs with ${name}`, () => assert.notEqual(fingerprint(change), fingerprint()))
  }

  it('differs with the first bit of an image and with the last', () => {
    const { shape, data } = images
    const last = 4 * data.length - 1
    for (const byte of [0, last]) {
      const bytes = new Uint8Array(data.slice().buffer)
      bytes[byte] ^= 1
      const changed = { images: tensor([...shape], new Float32Array(bytes.buffer)) }
      assert.notEqual(fingerprint({ training: changed }), fingerprint())
    }
    const larger = new Float32Array(data.length + 2).fill(7)
    larger.set(data, 1)
    const part = { images: tensor([...shape], larger.subarray(1, -1)) }
    assert.equal(fingerprint({ training: part }), fingerprint())
  })

  it('asks the schedule for rates of steps there are, of whole batches', () => {
    const asked: (readonly number[])[] = []
    const schedule = (step: number, steps: number): number => {
      asked.push([step, steps])
      return 1
    }
    fingerprint({ schedule })
    assert.ok(asked.every(([step, steps]) => steps === 12 && Number.isInteger(step)))
    const steps = new Set(asked.map(([step]) => step))
    assert.deepEqual([...steps], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  it('is of tasks that draw nothing too', () => {
    const { draws, ...task } = noisyTask({ noise: 0 })
    assert.ok(draws)
    const plain = { ...task, loss: () => ops.constant(1) }
    assert.notEqual(fingerprint({ task: plain }), fingerprint())
  })

  it('is the same for what is built again, on any number of threads', () => {
    assert.equal(fingerprint({ task: noisyTask(), threads: 7 }), fingerprint())
  })
})

const checkpoint: Checkpoint = {
  fingerprint: 'abc',
  history: [{ epoch: 1, trainingLoss: 0.1, validationLoss: 0.2 }],
  bestEpoch: 1,
  parameters: Float32Array.of(1, 2, 3),
  best: Float32Array.of(4, 5, 6),
  slots: [Float32Array.of(7, 8, 9), Float32Array.of(10, 11, 12)],
}

describe('a checkpoint', () => {
  it('is read back as it was written, and leaves no other file', async () => {
    const own = await mkdtemp(join(folder, 'written-'))
    const path = join(own, 'state')
    await writeCheckpoint(path, checkpoint)
    assert.deepEqual(await readCheckpoint(path), checkpoint)
    assert.deepEqual(await readdir(own), ['state'])
    await writeCheckpoint(path, { ...checkpoint, slots: [] })
    assert.deepEqual(await readCheckpoint(path), { ...checkpoint, slots: [] })
  })

  it('holds the part of a larger array it is given, no more', async () => {
    const path = join(folder, 'part')
    const larger = Float32Array.of(0, 1, 2, 3, 0)
    await writeCheckpoint(path, { ...checkpoint, parameters: larger.subarray(1, 4) })
    assert.deepEqual((await readCheckpoint(path))?.parameters, Float32Array.of(1, 2, 3))
  })

  it('is undefined where there is none', async () => {
    assert.equal(await readCheckpoint(join(folder, 'none')), undefined)
  })

  it('is refused when it is cut short, too long or another file', async () => {
    const path = join(folder, 'damaged')
    await writeCheckpoint(path, checkpoint)
    const whole = await readFile(path)
    const foreign = Buffer.from(
      whole.toString('latin1').replace('pixeldrift', 'otherthing'),
      'latin1',
    )
    const damaged = [
      whole.subarray(0, -1),
      Buffer.concat([whole, Buffer.of(0)]),
      foreign,
      Buffer.from('hello'),
      Buffer.alloc(0),
    ]
    for (const bytes of damaged) {
      await writeFile(path, bytes)
      await assert.rejects(readCheckpoint(path), {
        code: 'artifact.corrupt',
        message: /damaged file: .*damaged/,
      })
    }
  })

  it('says where it can’t be written or read, and leaves nothing half written', async () => {
    const own = await mkdtemp(join(folder, 'unwritable-'))
    const missing = join(own, 'missing', 'state')
    await assert.rejects(writeCheckpoint(missing, checkpoint), {
      code: 'output.unwritable',
      message: /unwritable-.*state, got ENOENT/,
    })
    // A folder stands where the file should go: written beside, but not to be renamed.
    const taken = await mkdtemp(join(own, 'taken-'))
    await writeFile(join(taken, 'file'), '')
    await assert.rejects(writeCheckpoint(taken, checkpoint), { code: 'output.unwritable' })
    await assert.rejects(readCheckpoint(taken), { code: 'EISDIR' })
    assert.deepEqual(await readdir(own), [taken.slice(own.length + 1)])
  })
})
