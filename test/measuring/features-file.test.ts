import assert from 'node:assert/strict'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
import { createFeaturesWriter, openFeatures } from '../../src/measuring/index.ts'
import {
  type Measurements,
  mergeMeasurements,
  noMeasurements,
  sumExactly,
} from '../../src/measuring/values/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const by = {
  extractorId: 'e',
  columns: [
    { name: 'loss', group: 'reconstruction', title: 'loss' },
    { name: 'id', group: 'property', title: 'named as a field of the record' },
  ],
} as const

const MIDNIGHT = '2026-11-26T00:00:00.000Z'

/** Rows with records of every kind, and numbers that rounding would change. */
function part(start: number, count: number): Measurements {
  const random = createRandom(start)
  const values = Float32Array.from({ length: 2 * count }, () => random.normal())
  values[1] = -0
  return {
    ...noMeasurements(by),
    images: Array.from({ length: count }, (_, i) => ({
      record: {
        id: `image ${start + i}`,
        ...(i % 2 === 0 && { label: 'ä, "b"' }),
        ...(i % 3 === 0 && { timestamp: MIDNIGHT, prediction: '3' }),
        ...(i % 5 === 0 && { attributes: { session: '1' } }),
        ...(i % 7 === 0 && { camera: 'Model A' }),
      },
      place: start + i,
      hash: 2 ** 48 - 1 - i,
    })),
    values,
    period: { from: MIDNIGHT, to: MIDNIGHT },
    count,
    loss: sumExactly(values.filter((_, i) => i % 2 === 0)),
    skipped: {
      named: [{ id: 'x', code: 'image.shape', message: 'odd', place: start + count }],
      counts: { 'image.shape': 1 },
      total: 1,
    },
    sources: [{ location: 'here', kind: 'tar', decoding: 'd' }],
    notes: ['a note'],
    modelOutputs: ['logits'],
  }
}

const parts = [part(0, 3000), part(3001, 3000)]
const path = join(temporaryFolder(), 'features.parquet')

function write(to: string, of: readonly Measurements[]): void {
  const writer = createFeaturesWriter(to, by)
  for (const one of of) writer.add(one)
  writer.finish()
}

async function read(from: string): Promise<Measurements> {
  const file = await openFeatures(from)
  const found: Measurements[] = []
  for await (const one of file?.parts() ?? []) found.push(one)
  return mergeMeasurements(found, by)
}

describe('a file of measurements', () => {
  it('gives back what was written, to the bit', async () => {
    write(path, parts)
    const whole = mergeMeasurements(parts, by)
    const found = await read(path)
    assert.deepEqual(found, whole)
    assert.ok(Object.is(found.values[1], -0))
  })

  it('of a sample knows what the sample is of', async () => {
    const sampled = mergeMeasurements(parts, by, 100)
    const to = join(temporaryFolder(), 'sampled.parquet')
    write(to, [sampled])
    assert.deepEqual(await read(to), sampled)
  })

  it('of nothing is a file too', async () => {
    const to = join(temporaryFolder(), 'empty.parquet')
    write(to, [])
    assert.deepEqual(await read(to), noMeasurements(by))
  })

  it('is the same file when it is written again', () => {
    const again = join(temporaryFolder(), 'again.parquet')
    write(again, parts)
    assert.deepEqual(readFileSync(again), readFileSync(path))
  })

  it('is a table that other programs read: a row an image, a column a feature', async () => {
    const bytes = readFileSync(path)
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    const [first] = await parquetReadObjects({ file, rowEnd: 1 })
    assert.deepEqual(Object.keys(first), [
      'id',
      'place',
      'hash',
      'label',
      'timestamp',
      'camera',
      'prediction',
      'attributes',
      'places',
      'feature.loss',
      'feature.id',
    ])
    assert.equal(first['feature.loss'], parts[0].values[0])
  })

  it('of before model outputs were called so is read too', async () => {
    const older = join(temporaryFolder(), 'older.parquet')
    write(older, parts)
    const bytes = readFileSync(older)
    bytes.write('"given":       ', bytes.indexOf('"modelOutputs":'))
    writeFileSync(older, bytes)
    assert.deepEqual(await read(older), await read(path))
  })

  it('is told from other files, and one that is damaged or newer refused', async () => {
    const other = join(temporaryFolder(), 'other.parquet')
    writeFileSync(other, 'no table')
    assert.equal(await openFeatures(other), undefined)
    write(other, parts)
    const bytes = readFileSync(other)
    const at = bytes.indexOf('"format":1')
    bytes.write('"format":9', at)
    writeFileSync(other, bytes)
    await assert.rejects(openFeatures(other), { code: 'artifact.version', message: /got format 9/ })
    write(other, parts)
    const broken = readFileSync(other)
    broken.fill(0, 4, 2000)
    writeFileSync(other, broken)
    await assert.rejects(read(other), { code: 'artifact.corrupt' })
    truncateSync(other, 5000)
    assert.equal(await openFeatures(other), undefined)
  })
})
