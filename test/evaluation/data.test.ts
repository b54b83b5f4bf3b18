import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadCifar10, missingCifar10 } from '../../evaluation/data/cifar10.ts'
import { missingData } from '../../evaluation/data/data-folder.ts'
import { loadPooledMnist } from '../../evaluation/data/mnist.ts'
import { loadNotMnist, missingNotMnist } from '../../evaluation/data/notmnist.ts'
import {
  joinImages,
  packImages,
  unpackImages,
  unpackLabels,
} from '../../evaluation/data/packed-images.ts'
import { FAILING_LOUDLY_SPLIT, splitRows, STUDY_SPLIT } from '../../evaluation/data/splits.ts'
import { arrayImages } from '../../src/images/index.ts'
import { tensor } from '../../src/tensor/index.ts'

describe('packed images', () => {
  const pixels = tensor(
    [2, 1, 1, 3],
    Float32Array.from([0, 1, 2, 253, 254, 255], (v) => v / 255),
  )
  const records = [
    { id: 'a', label: 'cat' },
    { id: 'b', label: 'dog' },
  ]
  const source = arrayImages(pixels, records)

  it('come back exactly, in the asked order, with their labels', async () => {
    const packed = await packImages(source, ['dog', 'cat'])
    assert.deepEqual(unpackImages(packed, [0, 1]), pixels)
    assert.deepEqual([...unpackImages(packed, [1]).data], [...pixels.data.subarray(3)])
    assert.deepEqual([...unpackLabels(packed, [1, 0])], [0, 1])
  })

  it('join one after the other', async () => {
    const packed = await packImages(source, ['dog', 'cat'])
    const joined = joinImages(packed, packed)
    assert.equal(joined.count, 4)
    assert.deepEqual(unpackImages(joined, [2]), unpackImages(packed, [0]))
  })

  it('refuse values between the 8-bit levels and unknown classes', async () => {
    const between = arrayImages(tensor([1, 1, 1, 1], Float32Array.of(0.5)))
    await assert.rejects(packImages(between, ['']), /8-bit/)
    await assert.rejects(packImages(source, ['dog']), /got "cat"/)
  })
})

describe('splitRows', () => {
  it('deals every row to one part, the same for the same seed', () => {
    const parts = splitRows(70_000, STUDY_SPLIT, 5)
    const rows = new Set(Object.values(parts).flatMap((part) => Array.from(part)))
    assert.equal(rows.size, 70_000)
    assert.deepEqual(parts, splitRows(70_000, STUDY_SPLIT, 5))
    assert.notDeepEqual(parts.reference, splitRows(70_000, STUDY_SPLIT, 6).reference)
    assert.equal(splitRows(70_000, FAILING_LOUDLY_SPLIT, 5).training.length, 50_000)
  })

  it('refuses to deal more rows than there are', () => {
    assert.throws(() => splitRows(10, { training: 8, test: 3 }, 0), RangeError)
  })
})

describe('study data', () => {
  it('holds the 70,000 digits with the label counts of MNIST', async () => {
    const { labels, shape, count } = await loadPooledMnist()
    const counts = Array.from(
      { length: 10 },
      (_, digit) => labels.filter((v) => v === digit).length,
    )
    assert.deepEqual(shape, { channels: 1, height: 28, width: 28 })
    assert.equal(count, 70_000)
    assert.deepEqual(counts, [6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958])
  })

  it('holds 10,000 letters, 1,000 of each', async (context) => {
    const missing = await missingNotMnist()
    if (missing !== undefined) return context.skip(missing)
    const { labels, classes } = await loadNotMnist()
    assert.equal(classes.join(''), 'ABCDEFGHIJ')
    assert.equal(labels.filter((label) => label === 9).length, 1000)
  })

  it('holds colour images, 1,000 of each class', async (context) => {
    const missing = await missingCifar10()
    if (missing !== undefined) return context.skip(missing)
    const { labels, classes, shape } = await loadCifar10('test')
    assert.deepEqual(shape, { channels: 3, height: 32, width: 32 })
    assert.equal(labels.filter((label) => label === classes.indexOf('horse')).length, 1000)
  })

  it('says which file is absent and how to name another folder', async () => {
    const reason = await missingData('Images', [import.meta.filename, '/nowhere/images.tar'])
    assert.match(reason ?? '', /^Images is absent: no \/nowhere\/images\.tar .*PIXELDRIFT_DATA/)
    assert.equal(await missingData('Images', [import.meta.filename]), undefined)
  })
})
