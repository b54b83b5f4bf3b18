import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  createImageProperties,
  type ImageInputs,
  type Learning,
  measureRows,
  REPRESENTATION_KINDS,
  tableOf,
  wholeRows,
} from '../../src/representations/index.ts'
import { FILE_COLUMNS } from '../../src/file-properties.ts'
import { sliceRows, type Tensor, tensor } from '../../src/tensor/index.ts'
import { describeRepresentation } from '../contracts/representation.ts'
import { brightnessClassifier } from '../fixtures/brightness-classifier.ts'
import { embeddingsOf, logitsOf } from '../fixtures/two-classes.ts'
import { sampleImages } from './image-samples.ts'

/** Of every kind: how far two ways to the same numbers may be from each other, where sums are of another order. */
const TOLERANCES: Readonly<Record<string, number>> = {
  autoencoder: 1e-5,
  'image-properties': 0,
  'principal-components': 1e-5,
  'classifier-outputs': 1e-5,
  'precomputed-outputs': 0,
  'embedding-components': 0,
  'outlier-score': 1e-5,
  witness: 1e-4,
  'file-properties': 0,
  places: 0,
}

const shape = { channels: 1, height: 8, width: 8 }
const images = sampleImages(40, shape)
const properties = createImageProperties(shape)
const quantities = tableOf(properties.columns, await measureRows(properties, { pixels: images }))

const learning: Learning = {
  training: partOf(images),
  validation: partOf(sliceRows(images, 0, 16)),
  shape,
  seed: 3,
  trainer: { epochs: 1, threads: 1 },
  classifier: { model: brightnessClassifier(1, shape.width) },
  hasFiles: true,
  quantities: async () => quantities,
  measure: async (pixels = images) =>
    tableOf(properties.columns, await measureRows(properties, { pixels })),
}

const inputs: ImageInputs = {
  ...partOf(sliceRows(images, 0, 4)).sideInputs,
  pixels: sliceRows(images, 0, 4),
  files: tensor(
    [4, FILE_COLUMNS.length],
    Float32Array.from({ length: 4 * FILE_COLUMNS.length }, (_, i) => i),
  ),
  columns: wholeRows(
    quantities.values.slice(0, 4 * properties.columns.length),
    properties.columns.length,
  ),
}

function partOf(pixels: Tensor) {
  return { pixels, sideInputs: { logits: logitsOf(pixels), embeddings: embeddingsOf(pixels) } }
}

for (const kind of REPRESENTATION_KINDS) {
  const fitted = await kind.fit(learning)
  const make = async () => {
    assert.ok(fitted)
    return { representation: fitted, inputs, load: kind.load }
  }
  // What measures places has no columns; its own test has what it promises.
  if (kind.name !== 'places')
    describeRepresentation(`of the kind ${kind.name}`, make, { tolerance: TOLERANCES[kind.name] })

  describe(`kind ${kind.name}`, () => {
    it('is the kind of what it makes, which saves the file it is known by', () => {
      assert.equal(fitted?.kind, kind.name)
      assert.ok(fitted.save().has(kind.file))
    })

    it('makes nothing where there is nothing to make it of, if there may be none', async () => {
      const bare = { pixels: images }
      const made = await kind.fit({
        ...learning,
        training: bare,
        classifier: undefined,
        hasFiles: false,
      })
      assert.equal(made === undefined, kind.isOptional === true)
      await made?.close?.()
    })
  })
}

describe('the kinds of representations', () => {
  it('each have a tolerance here', () => {
    const names = REPRESENTATION_KINDS.map(({ name }) => name)
    assert.deepEqual(names, Object.keys(TOLERANCES))
  })

  it('are known by files of their own', () => {
    const files = REPRESENTATION_KINDS.map(({ file }) => file)
    assert.equal(new Set(files).size, files.length)
  })
})
