/** Rows of PNGs, unpacked by kernels of our own beside zlib, and their filters undone beside the words of the specification. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { constants, deflateSync, inflateSync } from 'node:zlib'
import { compiledKernels } from '../../src/images/codec/compiled-png.ts'
import { instantiate } from '../../src/images/codec/instantiate.ts'
import { unpackRows } from '../../src/images/codec/png-rows.ts'
import { createRandom } from '../../src/tensor/index.ts'

type Inflate = {
  readonly memory: { readonly buffer: ArrayBuffer }
  reserve(bytes: number): number
  inflate(from: number, length: number, out: number, size: number): number
}

const kernels = instantiate(compiledKernels) as Inflate

/** What the kernel alone makes of the data; undefined where it refuses. */
function inflate(packed: Uint8Array, size: number): Uint8Array | undefined {
  const from = kernels.reserve(packed.length + size + 256)
  const out = from + packed.length + 64
  const memory = new Uint8Array(kernels.memory.buffer)
  memory.set(packed, from)
  const isWhole = kernels.inflate(from, packed.length, out, size) === 1
  return isWhole ? memory.slice(out, out + size) : undefined
}

function byZlib(packed: Uint8Array): Uint8Array | undefined {
  try {
    return new Uint8Array(inflateSync(packed))
  } catch {
    return undefined
  }
}

const STRATEGIES = [
  constants.Z_DEFAULT_STRATEGY,
  constants.Z_FILTERED,
  constants.Z_HUFFMAN_ONLY,
  constants.Z_RLE,
  constants.Z_FIXED,
]

/** Bytes of every kind: one value, few values, noise, runs, and what came long before. */
const CONTENTS: readonly ((i: number, below: (limit: number) => number) => number)[] = [
  () => 7,
  (_, below) => below(3),
  (_, below) => below(256),
  (i) => (i >> 5) & 255,
  (i) => (i * i) % 251,
  (i, below) => (i % 40_000 < 30_000 ? (i % 30_000) % 253 : below(9)),
]

function* packings(): Generator<{ readonly whole: Uint8Array; readonly packed: Uint8Array }> {
  const random = createRandom(3)
  const below = (limit: number): number => random.integer(limit)
  for (const content of CONTENTS) {
    for (const strategy of STRATEGIES) {
      for (const level of [0, 1, 6, 9]) {
        const length = [1, 2, 17, 900, 70_000][below(5)]
        const whole = Uint8Array.from({ length }, (_, i) => content(i, below))
        yield { whole, packed: new Uint8Array(deflateSync(whole, { level, strategy })) }
      }
    }
  }
}

describe('the kernel for zlib data', () => {
  it('unpacks what zlib packed, whatever its strategy and level', () => {
    for (const { whole, packed } of packings())
      assert.deepEqual(inflate(packed, whole.length), whole)
  })

  it('refuses another size, a cut, a byte more, a wrong sum', () => {
    for (const { whole, packed } of packings()) {
      const { length } = packed
      assert.equal(inflate(packed, whole.length + 1), undefined)
      assert.equal(inflate(packed, whole.length - 1), undefined)
      assert.equal(inflate(packed.subarray(0, length - 1), whole.length), undefined)
      assert.equal(inflate(Uint8Array.of(...packed.subarray(0, 64)), whole.length + 64), undefined)
      assert.equal(inflate(Buffer.concat([packed, Buffer.of(0)]), whole.length), undefined)
      const other = Uint8Array.from(packed)
      other[length - 1] ^= 1
      assert.equal(inflate(other, whole.length), undefined)
    }
  })

  it('finds in damaged data what zlib finds there, or nothing', () => {
    const random = createRandom(5)
    let refused = 0
    for (const { whole, packed } of packings()) {
      for (let i = 0; i < 20; i++) {
        const damaged = Uint8Array.from(packed)
        damaged[random.integer(damaged.length)] = random.integer(256)
        const found = inflate(damaged, whole.length)
        if (found === undefined) refused++
        else assert.deepEqual(found, byZlib(damaged))
      }
    }
    assert.ok(refused > 1000, `${refused} refused`)
  })
})

/** The guess of each filter for byte `i` of a row, by the specification: of the byte before, above, and before that. */
const GUESSES: readonly ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => Math.floor((left + up) / 2),
  (left, up, corner) => {
    const estimate = left + up - corner
    const [a, b, c] = [left, up, corner].map((one) => Math.abs(estimate - one))
    return a <= b && a <= c ? left : b <= c ? up : corner
  },
]

describe('the rows of a PNG', () => {
  for (const step of [1, 3] as const) {
    it(`are those that were filtered, by any filter after any other, ${step} bytes a pixel`, () => {
      const random = createRandom(step)
      for (const width of [1, 2, 5, 16, 33]) {
        const [rowBytes, height] = [width * step, 25]
        const rows = Uint8Array.from({ length: rowBytes * height }, () => random.integer(256))
        const at = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : rows[y * rowBytes + x])
        const filtered = new Uint8Array((rowBytes + 1) * height)
        for (let y = 0; y < height; y++) {
          // Each filter behind each.
          const filter = [y % 5, Math.floor(y / 5)][y % 2]
          filtered[y * (rowBytes + 1)] = filter
          for (let x = 0; x < rowBytes; x++) {
            const guess = GUESSES[filter](at(x - step, y), at(x, y - 1), at(x - step, y - 1))
            filtered[y * (rowBytes + 1) + 1 + x] = at(x, y) - guess
          }
        }
        assert.deepEqual(unpackRows(deflateSync(filtered), { rowBytes, height, step }), rows)
      }
    })
  }

  it('are none behind a filter that there is none of, or where the data are damaged', () => {
    const layout = { rowBytes: 3, height: 2, step: 3 } as const
    const packed = (last: number): Uint8Array =>
      deflateSync(Uint8Array.of(1, 1, 2, 3, last, 4, 5, 6))
    assert.deepEqual(unpackRows(packed(2), layout), Uint8Array.of(1, 2, 3, 5, 7, 9))
    assert.equal(unpackRows(packed(5), layout), undefined)
    assert.equal(unpackRows(packed(2).subarray(1), layout), undefined)
    assert.equal(unpackRows(packed(2), { ...layout, height: 1 }), undefined)
  })

  it('are read by zlib where the kernel refuses: bytes behind the sum', () => {
    const layout = { rowBytes: 1, height: 1, step: 1 } as const
    const trailing = Buffer.concat([deflateSync(Uint8Array.of(0, 9)), Buffer.of(0)])
    assert.equal(inflate(trailing, 2), undefined)
    assert.deepEqual(unpackRows(trailing, layout), Uint8Array.of(9))
  })
})
