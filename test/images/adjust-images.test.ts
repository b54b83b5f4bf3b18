import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { adjustImages, type Adjustment, type Interpolation } from '../../src/images/index.ts'
import { createRandom, tensor, type Tensor } from '../../src/tensor/index.ts'

const INTERPOLATIONS: readonly Interpolation[] = ['nearest', 'bilinear', 'bicubic', 'lanczos']

/** Two channels of 7×9, smooth and without symmetry. */
function waves(): Tensor {
  const data = Float32Array.from({ length: 2 * 7 * 9 }, (_, i) => {
    const [channel, y, x] = [Math.floor(i / 63), Math.floor((i % 63) / 9), i % 9]
    return 0.5 + 0.3 * Math.sin(0.4 * x + 0.7 * y + channel) * Math.cos(0.3 * y)
  })
  return tensor([1, 2, 7, 9], data)
}

function adjust(pixels: Tensor, adjustment: Adjustment, quantised = false): Float32Array {
  return adjustImages(pixels, () => adjustment, { random: createRandom(1), quantised }).data
}

function largestGap(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0)
}

/** Pixels at least three from the edge of every plane. */
function inner(data: Float32Array): Float32Array {
  return data.filter((_, i) => {
    const [y, x] = [Math.floor((i % 63) / 9), i % 9]
    return y === 3 && x >= 3 && x <= 5
  })
}

describe('adjustImages', () => {
  for (const interpolation of INTERPOLATIONS) {
    it(`moves by whole pixels exactly (${interpolation}), with the border asked for`, () => {
      const pixels = waves()
      for (const border of ['nearest', 'black', 'mirror'] as const) {
        const moved = adjust(pixels, { right: 2 / 9, resampling: { interpolation, border } })
        // right = 2 pixels reads from two columns further on.
        for (let y = 0; y < 7; y++) {
          for (let x = 0; x < 9; x++) {
            const from = {
              nearest: Math.min(8, x + 2),
              mirror: x < 7 ? x + 2 : 14 - x,
              black: x + 2,
            }
            const expected =
              border === 'black' && x + 2 > 8 ? 0 : pixels.data[63 + y * 9 + from[border]]
            assert.ok(Math.abs(moved[63 + y * 9 + x] - expected) < 1e-6, `${border} ${y} ${x}`)
          }
        }
      }
    })
  }

  it('reads between pixels the closer, the higher the order', () => {
    const pixels = waves()
    const exact = inner(
      Float32Array.from({ length: 126 }, (_, i) => {
        const [channel, y, x] = [Math.floor(i / 63), Math.floor((i % 63) / 9), (i % 9) + 0.4]
        return 0.5 + 0.3 * Math.sin(0.4 * x + 0.7 * y + channel) * Math.cos(0.3 * y)
      }),
    )
    const [nearest, bilinear, bicubic] = INTERPOLATIONS.map((interpolation) =>
      largestGap(
        inner(adjust(pixels, { right: 0.4 / 9, resampling: { interpolation, border: 'nearest' } })),
        exact,
      ),
    )
    assert.ok(bicubic < bilinear / 4, `${bicubic} against ${bilinear}`)
    assert.ok(bilinear < nearest / 4, `${bilinear} against ${nearest}`)
  })

  it('keeps an even grey even, turned by any interpolation', () => {
    const grey = tensor([1, 1, 7, 9], new Float32Array(63).fill(0.3))
    for (const interpolation of INTERPOLATIONS) {
      const turned = adjust(grey, {
        rotation: 20,
        resampling: { interpolation, border: 'mirror' },
      })
      assert.ok(largestGap(turned, grey.data) < 1e-6, interpolation)
    }
  })

  it('brightens by a gain or an offset, and gives contrast about mid-grey or the mean', () => {
    const pixels = tensor([1, 1, 1, 3], Float32Array.of(0.2, 0.4, 0.6))
    const cases: readonly [Adjustment, readonly number[]][] = [
      [{ brightness: 0.1 }, [0.3, 0.5, 0.7]],
      [{ gain: 0.5 }, [0.3, 0.6, 0.9]],
      [{ contrast: 0.5 }, [0.05, 0.35, 0.65]],
      [{ contrast: 0.5, pivot: 'mean' }, [0.1, 0.4, 0.7]],
    ]
    for (const [adjustment, expected] of cases) {
      const gap = largestGap(adjust(pixels, adjustment), Float32Array.from(expected))
      assert.ok(gap < 1e-6, JSON.stringify(adjustment))
    }
  })

  it('rounds to 8 bits unless an image is to stay as it is', () => {
    const pixels = tensor([1, 1, 1, 1], Float32Array.of(0.3))
    assert.equal(adjust(pixels, { brightness: 0.0001 }, true)[0], Math.fround(77 / 255))
    const kept = adjust(pixels, { brightness: 0.0001, rounded: false }, true)[0]
    assert.ok(Math.abs(kept - 0.3001) < 1e-6)
  })

  it('adds noise of the deviation asked for, another for every image', () => {
    const pixels = tensor([2, 1, 100, 100], new Float32Array(20_000).fill(0.5))
    const noisy = adjust(pixels, { noise: 0.05 })
    const squares = noisy.reduce((sum, value) => sum + (value - 0.5) ** 2, 0)
    assert.ok(Math.abs(Math.sqrt(squares / noisy.length) - 0.05) < 0.002)
    assert.notDeepEqual(noisy.slice(0, 10_000), noisy.slice(10_000))
  })
})
