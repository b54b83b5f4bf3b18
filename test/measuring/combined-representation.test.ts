import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { combineRepresentations } from '../../src/measuring/index.ts'
import {
  createImageProperties,
  fitPrincipalComponents,
  measureRows,
} from '../../src/representations/index.ts'
import { sampleImages } from '../representations/image-samples.ts'

const shape = { channels: 1, height: 9, width: 7 }
const pixels = sampleImages(12, shape)
const properties = createImageProperties(shape)
const components = fitPrincipalComponents({ training: pixels, seed: 1, components: 3 })

describe('combined representation', () => {
  const combined = combineRepresentations([properties, components])

  it('joins the columns of its parts in order', () => {
    assert.deepEqual(combined.columns, [...properties.columns, ...components.columns])
  })

  it('joins their numbers in every row', async () => {
    const values = await measureRows(combined, { pixels })
    const first = await measureRows(properties, { pixels })
    const second = await measureRows(components, { pixels })
    const row = 5
    const width = combined.columns.length
    assert.deepEqual(
      [...values.subarray(row * width, (row + 1) * width)],
      [
        ...first.subarray(row * properties.columns.length, (row + 1) * properties.columns.length),
        ...second.subarray(row * 3, (row + 1) * 3),
      ],
    )
  })

  it('saves the files of all parts', () => {
    const names = [...properties.save().keys(), ...components.save().keys()]
    assert.deepEqual([...combined.save().keys()], names)
  })

  it('refuses two parts that share a column', () => {
    assert.throws(() => combineRepresentations([properties, properties]), RangeError)
  })
})
