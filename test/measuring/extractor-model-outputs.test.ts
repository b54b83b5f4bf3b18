import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fitExtractor, parseFitOptions } from '../../src/detector/index.ts'
import { mapSideInputs, type SideInputs } from '../../src/images/index.ts'
import { extractOnThreads, type Extractor, loadExtractor } from '../../src/measuring/index.ts'
import { selectColumns, tableOf } from '../../src/representations/index.ts'
import { createRandom, sliceRows, type Tensor, tensor } from '../../src/tensor/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'

const COUNT = 200
const SIDE = 8

let pixels: Tensor
let sideInputs: SideInputs
let alone: Extractor

const part = (rows: Tensor) => sliceRows(rows, 11, 52)

before(async () => {
  pixels = blobImages({ count: COUNT, seed: 1, side: SIDE })
  sideInputs = { logits: normal(3, 2), embeddings: normal(12, 3) }
  const cut = (start: number, end: number) => {
    const rows = (all: Tensor) => sliceRows(all, start, end)
    return { pixels: rows(pixels), sideInputs: mapSideInputs(sideInputs, rows) }
  }
  const fitted = await fitExtractor(
    { training: cut(0, 160), validation: cut(160, COUNT) },
    parseFitOptions({ epochs: 1 }),
    {},
  )
  const files = fitted.save()
  await fitted.close()
  alone = await loadExtractor(files, fitted)
})

after(() => alone.close())

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function normal(width: number, seed: number): Tensor {
  const random = createRandom(seed)
  return tensor(
    [COUNT, width],
    Float32Array.from({ length: COUNT * width }, () => random.normal()),
  )
}

describe('an extractor of images with model outputs beside them', () => {
  it('says which it needs, and has their columns in the groups of a classifier', () => {
    assert.deepEqual(alone.neededOutputs, { logits: 3, embeddings: 12 })
    const names = alone.columns.flatMap(({ name, group }) =>
      group === 'classifier' || group === 'prediction' ? [name] : [],
    )
    assert.deepEqual(names, [
      'logit-0',
      'logit-1',
      'logit-2',
      'classifier-confidence',
      'classifier-entropy',
      'classifier-energy',
      'predicted-class',
      ...Array.from({ length: 12 }, (_, k) => `embedding-${k + 1}`),
    ])
  })

  it('measures each image’s own', async () => {
    const values = await alone.transform(part(pixels), mapSideInputs(sideInputs, part))
    const table = tableOf(alone.columns, values)
    const logits = selectColumns(table, ({ name }) => name.startsWith('logit-'))
    assert.deepEqual(logits.values, part(sideInputs.logits ?? pixels).data.slice())
  })

  it('takes them into the outlier score', async () => {
    const score = async (vectors: SideInputs) => {
      const table = tableOf(alone.columns, await alone.transform(part(pixels), vectors))
      return selectColumns(table, ({ group }) => group === 'outlier').values
    }
    const usual = mapSideInputs(sideInputs, part)
    for (const name of ['logits', 'embeddings'] as const) {
      const far = mapSideInputs(usual, (rows, of) =>
        of === name ? { ...rows, data: rows.data.map((value) => value + 100) } : rows,
      )
      const [near, away] = [meanOf(await score(usual)), meanOf(await score(far))]
      assert.ok(away > near, `${name}: ${near}, ${away}`)
    }
  })

  it('measures the same on several threads', async () => {
    const shared = extractOnThreads(alone, { threads: 3 })
    await shared.start()
    assert.deepEqual(shared.neededOutputs, alone.neededOutputs)
    const wanted = await alone.transform(part(pixels), mapSideInputs(sideInputs, part))
    const actual = await shared.transform(part(pixels), mapSideInputs(sideInputs, part))
    actual.forEach((value, i) => {
      assert.ok(Math.abs(value - wanted[i]) <= 1e-5 * (1 + Math.abs(wanted[i])), `value ${i}`)
    })
    // Closing the shared one would close this one too.
    await shared.close()
    alone = await loadExtractor(alone.save(), alone)
  })

  it('refuses images without them', async () => {
    await assert.rejects(alone.transform(part(pixels)), {
      name: 'RangeError',
      message: 'expected logits of the images, got pixels',
    })
  })
})
