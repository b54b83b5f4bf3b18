import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mapSideInputs } from '../../src/images/index.ts'
import {
  type ImageInputs,
  measureRows,
  type Representation,
} from '../../src/representations/index.ts'
import { sliceRows, type Tensor } from '../../src/tensor/index.ts'

/** A fitted representation, what it needs of at least 3 images, and the loader of what it saves. */
export type MakeRepresentation = () => Promise<{
  readonly representation: Representation
  readonly inputs: ImageInputs
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
      const { representation, inputs } = await make()
      const values = await measureRows(representation, inputs)
      const { length } = representation.columns
      assert.equal(values.length % length, 0)
      assert.ok(values.length >= 3 * length)
      values.forEach((value, i) => {
        assert.ok(Number.isFinite(value), `${representation.columns[i % length].name}: ${value}`)
      })
    })

    it('gives an image the same numbers alone as in a batch, and again', async () => {
      const { representation, inputs } = await make()
      const together = await measureRows(representation, inputs)
      const { length } = representation.columns
      for (let row = 0; row < 3; row++) {
        const alone = await measureRows(representation, cutInputs(inputs, row, row + 1))
        assertSame(alone, together.subarray(row * length, (row + 1) * length))
      }
    })

    it('writes them into their columns of a larger table, and nothing else', async () => {
      const { representation, inputs } = await make()
      const expected = await measureRows(representation, inputs)
      const { length } = representation.columns
      const rows = expected.length / length
      const [offset, stride] = [2, length + 3]
      const values = new Float32Array(rows * stride).fill(-7)
      await representation.measureInto(inputs, { values, stride, offset })
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

    it('leaves its inputs as they were', async () => {
      const { representation, inputs } = await make()
      const before = structuredClone(inputs)
      await measureRows(representation, inputs)
      assert.deepEqual(inputs, before)
    })

    it('gives nothing for no images', async () => {
      const { representation, inputs } = await make()
      assert.equal((await measureRows(representation, cutInputs(inputs, 0, 0))).length, 0)
    })

    it('gives the same columns and numbers once saved and loaded', async () => {
      const { representation, inputs, load } = await make()
      const loaded = await load(representation.save())
      assert.equal(loaded.kind, representation.kind)
      assert.deepEqual(loaded.columns, representation.columns)
      assert.deepEqual(loaded.needs, representation.needs)
      assert.deepEqual(loaded.classes, representation.classes)
      assertSame(await measureRows(loaded, inputs), await measureRows(representation, inputs))
    })

    it('refuses to load when a saved file is missing', async () => {
      const { representation, load } = await make()
      for (const missing of representation.save().keys()) {
        const files = new Map(representation.save())
        files.delete(missing)
        await assert.rejects(async () => load(files), { code: 'artifact.corrupt' }, missing)
      }
    })

    it('refuses images without what it needs, or with that in another shape', async () => {
      const { representation, inputs } = await make()
      const { of } = representation.needs
      const { [of]: needed, ...others } = inputs
      assert.ok(needed)
      const target = { values: new Float32Array(1000), stride: 0, offset: 0 }
      await assert.rejects(async () => representation.measureInto(others, target), RangeError)
      const wider = { ...inputs, [of]: widen(needed) }
      await assert.rejects(async () => representation.measureInto(wider, target))
    })
  })
}

/** The inputs of rows `start` to `end` − 1. */
function cutInputs({ pixels, columns, ...sideInputs }: ImageInputs, start: number, end: number) {
  const cut = (all: Tensor): Tensor => sliceRows(all, start, end)
  return {
    ...mapSideInputs(sideInputs, cut),
    ...(pixels && { pixels: cut(pixels) }),
    ...(columns && {
      columns: {
        ...columns,
        rows: end - start,
        values: columns.values.subarray(start * columns.stride, end * columns.stride),
      },
    }),
  } satisfies ImageInputs
}

/** The same with one more number in its second axis, or one more column. */
function widen(input: NonNullable<ImageInputs[keyof ImageInputs]>) {
  if ('stride' in input) return { ...input, columns: Uint32Array.of(0, ...input.columns) }
  const [rows, size, ...rest] = input.shape
  const shape = [rows, size + 1, ...rest]
  return { shape, data: new Float32Array(shape.reduce((product, axis) => product * axis)) }
}
