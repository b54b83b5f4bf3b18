import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { initialParameters, readModel } from '../../../src/engine/index.ts'
import {
  type Autoencoder,
  bottleneckArchitecture,
  loadAutoencoder,
  openAutoencoder,
  recipeArchitecture,
  writeScorer,
} from '../../../src/representations/autoencoder/index.ts'
import { measureRows } from '../../../src/representations/inputs.ts'
import { concatenateRows, createRandom, sliceRows, tensor } from '../../../src/tensor/index.ts'
import { drawTensor } from '../../engine/graph-evaluate.ts'

const shape = { channels: 2, height: 12, width: 8 }

async function untrained(scale = 1): Promise<Autoencoder> {
  const architecture = recipeArchitecture(shape)
  const specs = [...architecture.encoder.parameters, ...architecture.decoder.parameters]
  const parameters = initialParameters(specs, 2).map((value) => scale * value)
  const model = writeScorer(architecture, shape, parameters)
  return openAutoencoder({ model, history: [], bestEpoch: 0 })
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const entropy = (p: number): number =>
  p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p)

/** The columns of one image, by their definitions, in doubles. */
function columnsOf(image: readonly number[], reconstruction: readonly number[]): number[] {
  const { channels, height, width } = shape
  const errors = image.map((value, i) => Math.abs(value - reconstruction[i]))
  const loss = mean(
    image.map(
      (t, i) => -t * Math.log(reconstruction[i]) - (1 - t) * Math.log(1 - reconstruction[i]),
    ),
  )
  const at = (channel: number, row: number, column: number) =>
    errors[(channel * height + row) * width + column]
  const range = (count: number) => Array.from({ length: count }, (_, i) => i)
  const rows = range(height).map((row) =>
    mean(
      range(channels).flatMap((channel) => range(width).map((column) => at(channel, row, column))),
    ),
  )
  const columns = range(width).map((column) =>
    mean(
      range(channels).flatMap((channel) => range(height).map((row) => at(channel, row, column))),
    ),
  )
  const inputEntropy = mean(image.map(entropy))
  return [
    loss,
    loss - inputEntropy,
    inputEntropy,
    mean(reconstruction.map(entropy)),
    mean(errors.map((error) => error ** 2)),
    Math.max(...errors),
    Math.max(...rows),
    Math.max(...columns),
  ]
}

describe('the scorer', () => {
  it('measures what its columns say, black and white pixels included', async () => {
    const autoencoder = await untrained()
    const images = drawTensor(createRandom(3), [3, 2, 12, 8], [-0.5, 1.5])
    const pixels = tensor(
      images.shape,
      images.data.map((value) => Math.min(1, Math.max(0, value))),
    )
    const values = await measureRows(autoencoder, { pixels })
    const { data } = await autoencoder.reconstruct(pixels)
    const size = 2 * 12 * 8
    const width = autoencoder.columns.length
    assert.equal(width, 8 + 32)
    for (let i = 0; i < 3; i++) {
      const part = (all: Float32Array) => [...all.subarray(i * size, (i + 1) * size)]
      columnsOf(part(pixels.data), part(data)).forEach((expected, k) => {
        const got = values[i * width + k]
        const { name } = autoencoder.columns[k]
        assert.ok(Math.abs(got - expected) < 5e-6, `${name}: ${got}, not ${expected}`)
      })
    }
    await autoencoder.close()
  })

  it('stays finite where the reconstruction is certain and wrong', async () => {
    const autoencoder = await untrained(30)
    const pixels = drawTensor(createRandom(4), [2, 2, 12, 8], [0, 1])
    assert.ok((await measureRows(autoencoder, { pixels })).every(Number.isFinite))
    await autoencoder.close()
  })

  it('says in its metadata what it takes and gives', () => {
    const architecture = bottleneckArchitecture(shape)
    const specs = [...architecture.encoder.parameters, ...architecture.decoder.parameters]
    const { metadata, outputs } = readModel(
      writeScorer(architecture, shape, initialParameters(specs, 1)),
    )
    assert.equal(metadata['pixeldrift.kind'], 'autoencoder-scorer')
    assert.equal(metadata['pixeldrift.architecture'], 'bottleneck')
    assert.equal(metadata['pixeldrift.input'], 'float32 N×2×12×8 in [0, 1]')
    assert.equal(metadata['pixeldrift.columns'].split(',').length, 8 + architecture.codeSize)
    assert.deepEqual(outputs.map(({ name }) => name).toSorted(), [
      'columns',
      'loss',
      'reconstruction',
    ])
  })
})

describe('an autoencoder', () => {
  it('gives each image the same numbers in any number of others', async () => {
    const autoencoder = await untrained()
    const pixels = drawTensor(createRandom(5), [300, 2, 12, 8], [0, 1])
    const together = await measureRows(autoencoder, { pixels })
    const reconstructed = await autoencoder.reconstruct(pixels)
    const cuts = [0, 1, 3, 256, 257, 300]
    const parts = cuts.slice(1).map((end, i) => sliceRows(pixels, cuts[i], end))
    const apart: number[] = []
    const pieces = []
    for (const part of parts) {
      apart.push(...(await measureRows(autoencoder, { pixels: part })))
      pieces.push(await autoencoder.reconstruct(part))
    }
    assert.equal(apart.length, together.length)
    assert.ok(apart.every((value, i) => Math.abs(value - together[i]) < 1e-5))
    const { shape: joined, data } = concatenateRows(pieces)
    assert.deepEqual(joined, pixels.shape)
    assert.ok(data.every((value, i) => Math.abs(value - reconstructed.data[i]) < 1e-5))
    await autoencoder.close()
  })

  it('is rebuilt from what it saved, history and best epoch too', async () => {
    const architecture = recipeArchitecture(shape)
    const specs = [...architecture.encoder.parameters, ...architecture.decoder.parameters]
    const model = writeScorer(architecture, shape, initialParameters(specs, 2))
    const history = [{ epoch: 1, trainingLoss: 0.5, validationLoss: 0.25 }]
    const saved = await openAutoencoder({ model, history, bestEpoch: 1 })
    const loaded = await loadAutoencoder(saved.save())
    assert.deepEqual(loaded.history, history)
    assert.equal(loaded.bestEpoch, 1)
    assert.deepEqual(loaded.columns, saved.columns)
    const pixels = drawTensor(createRandom(6), [3, 2, 12, 8], [0, 1])
    assert.deepEqual(await measureRows(loaded, { pixels }), await measureRows(saved, { pixels }))
    await Promise.all([saved.close(), loaded.close()])
  })

  it('is not built from half its files, nor from another model', async () => {
    const autoencoder = await untrained()
    const files = autoencoder.save()
    for (const name of files.keys()) {
      const rest = new Map([...files].filter(([other]) => other !== name))
      await assert.rejects(loadAutoencoder(rest), { code: 'artifact.corrupt' })
    }
    await autoencoder.close()
  })
})
