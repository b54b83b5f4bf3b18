import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Representation } from '../../src/representations/index.ts'
import { sliceRows, type Tensor, tensor } from '../../src/tensor/index.ts'

/** A fitted representation, at least 3 images it takes, and the loader of what it saves. */
export type MakeRepresentation = () => Promise<{
  readonly representation: Representation
  readonly pixels: Tensor
  readonly load: (
    files: ReadonlyMap<string, Uint8Array>,
  ) => Representation | Promise<Representation>
}>

export type RepresentationContractOptions = {
  /** Largest difference, relative to the larger of 1 and the value, between two ways to the same numbers; default 0. */
  readonly tolerance?: number
}

/** What every representation promises, whatever it measures. */
export function describeRepresentation(
  name: string,
  make: MakeRepresentation,
  { tolerance = 0 }: RepresentationContractOptions = {},
): void {
  const assertSame = (actual: Float32Array, expected: Float32Array): void => {
    assert.equal(actual.length, expected.length)
    expected.forEach((value, i) => {
      const allowed = tolerance * Math.max(1, Math.abs(value))
      assert.ok(
        Math.abs(actual[i] - value) <= allowed,
        `value ${i}: ${actual[i]}, expected ${value}`,
      )
    })
  }

  describe(`representation ${name}`, () => {
    it('describes columns of distinct kebab-case names, each with a title', async () => {
      const { representation } = await make()
      const names = representation.columns.map((column) => column.name)
      assert.ok(names.length > 0)
      assert.equal(new Set(names).size, names.length)
      for (const { name: columnName, title } of representation.columns) {
        assert.match(columnName, /^[a-z0-9]+(-[a-z0-9]+)*$/)
        assert.ok(title.length > 2, columnName)
      }
    })

    it('gives every image one finite number per column', async () => {
      const { representation, pixels } = await make()
      const values = await representation.transform(pixels)
      assert.equal(values.length, pixels.shape[0] * representation.columns.length)
      values.forEach((value, i) => {
        const { length } = representation.columns
        assert.ok(Number.isFinite(value), `${representation.columns[i % length].name}: ${value}`)
      })
    })

    it('gives an image the same numbers alone as in a batch, and again', async () => {
      const { representation, pixels } = await make()
      const together = await representation.transform(pixels)
      const { length } = representation.columns
      for (let row = 0; row < 3; row++) {
        const alone = await representation.transform(sliceRows(pixels, row, row + 1))
        assertSame(alone, together.subarray(row * length, (row + 1) * length))
      }
    })

    it('writes the same numbers into their columns of a larger table, and nothing else', async () => {
      const { representation, pixels } = await make()
      if (representation.transformInto === undefined) return
      const expected = await representation.transform(pixels)
      const { length } = representation.columns
      const [rows] = pixels.shape
      const [offset, stride] = [2, length + 3]
      const values = new Float32Array(rows * stride).fill(-7)
      await representation.transformInto(pixels, { values, stride, offset })
      for (let row = 0; row < rows; row++) {
        const start = row * stride
        assert.deepEqual([...values.subarray(start, start + offset)], [-7, -7])
        assertSame(
          values.slice(start + offset, start + offset + length),
          expected.slice(row * length, (row + 1) * length),
        )
        assert.equal(values[start + stride - 1], -7)
      }
    })

    it('leaves the pixels as they were', async () => {
      const { representation, pixels } = await make()
      const before = pixels.data.slice()
      await representation.transform(pixels)
      assert.deepEqual(pixels.data, before)
    })

    it('gives nothing for no images', async () => {
      const { representation, pixels } = await make()
      assert.equal((await representation.transform(sliceRows(pixels, 0, 0))).length, 0)
    })

    it('gives the same columns and numbers once saved and loaded', async () => {
      const { representation, pixels, load } = await make()
      const loaded = await load(representation.save())
      assert.equal(loaded.kind, representation.kind)
      assert.deepEqual(loaded.columns, representation.columns)
      assertSame(await loaded.transform(pixels), await representation.transform(pixels))
    })

    it('refuses to load when a saved file is missing', async () => {
      const { representation, load } = await make()
      for (const missing of representation.save().keys()) {
        const files = new Map(representation.save())
        files.delete(missing)
        await assert.rejects(async () => load(files), { code: 'artifact.corrupt' }, missing)
      }
    })

    it('refuses images of another shape', async () => {
      const { representation, pixels } = await make()
      const [rows, channels, height, width] = pixels.shape
      const shape = [rows, channels, height + 1, width]
      const other = tensor(shape, new Float32Array(rows * channels * (height + 1) * width))
      await assert.rejects(async () => representation.transform(other))
    })
  })
}
