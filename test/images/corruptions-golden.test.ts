import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { composeAffine, warpAffine } from '../../src/images/corruptions/affine-warp.ts'
import {
  cannyEdges,
  type Corruption,
  type CorruptionParameters,
  defocusBlur,
  dilation,
  erosion,
  gaussianBlur,
  pixelate,
  rotate,
  scale,
  shear,
} from '../../src/images/index.ts'
import { createRandom, tensor } from '../../src/tensor/index.ts'

type Golden = {
  height: number
  width: number
  plane: number[]
  gaussianBlur: number[]
  defocusBlur: number[]
  erosion2: number[]
  erosion3: number[]
  dilation3: number[]
  pixelate: number[]
  scale: number[]
  rotations: number[][]
  shears: number[][]
  affine: {
    theta: number
    down: number
    right: number
    shear: number
    zoom_y: number
    zoom_x: number
  }
  kerasAffine: number[]
  shape: { height: number; width: number; plane: number[]; cannyEdges: number[] }
}

const path = new URL('../golden/corruptions.json', import.meta.url)
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden
const image = tensor([1, 1, golden.height, golden.width], Float32Array.from(golden.plane))

async function corrupted(
  corruption: Corruption,
  parameters: CorruptionParameters = {},
  seed = 1,
): Promise<Float32Array> {
  return (await corruption.apply(image, { random: createRandom(seed), ...parameters })).data
}

function distance(actual: Float32Array, expected: readonly number[]): number {
  assert.equal(actual.length, expected.length)
  return expected.reduce((largest, value, i) => Math.max(largest, Math.abs(value - actual[i])), 0)
}

function assertClose(actual: Float32Array, expected: readonly number[]): void {
  const largest = distance(actual, expected)
  assert.ok(largest < 2e-6, `largest difference ${largest}`)
}

/** Seeds decide the direction: each result must be one of two, and both must come up. */
async function assertBothDirections(
  corruption: Corruption,
  expected: readonly number[][],
): Promise<void> {
  const seen = new Set<number>()
  for (let seed = 1; seed <= 12; seed++) {
    const data = await corrupted(corruption, {}, seed)
    const direction = expected.findIndex((values) => distance(data, values) < 2e-6)
    assert.notEqual(direction, -1)
    seen.add(direction)
  }
  assert.equal(seen.size, 2)
}

describe('corruptions against independent references', () => {
  it('blurs as SciPy', async () => {
    assertClose(await corrupted(gaussianBlur, { sigma: 1 }), golden.gaussianBlur)
  })

  it('defocuses as OpenCV with the published disk', async () => {
    assertClose(await corrupted(defocusBlur, { radius: 3, softness: 0.1 }), golden.defocusBlur)
  })

  it('erodes as SciPy, with even windows too', async () => {
    assertClose(await corrupted(erosion, { size: 2 }), golden.erosion2)
    assertClose(await corrupted(erosion, { size: 3 }), golden.erosion3)
  })

  it('dilates as SciPy', async () => {
    assertClose(await corrupted(dilation, { size: 3 }), golden.dilation3)
  })

  it('pixelates as PIL', async () => {
    assertClose(await corrupted(pixelate, { share: 0.4 }), golden.pixelate)
  })

  it('scales about the centre as SciPy', async () => {
    assertClose(await corrupted(scale, { factor: 0.7 }), golden.scale)
  })

  it('rotates to either side as SciPy', async () => {
    await assertBothDirections(rotate, golden.rotations)
  })

  it('shears to either side as SciPy', async () => {
    await assertBothDirections(shear, golden.shears)
  })

  it('composes and resamples an affine change as Keras does with SciPy', () => {
    const { theta, down, right, shear: slant, zoom_y: zoomY, zoom_x: zoomX } = golden.affine
    const map = composeAffine({ rotation: theta, down, right, shear: slant, zoomY, zoomX })
    const warped = warpAffine(image.data, golden, { map, beyond: 'nearest' })
    assertClose(warped, golden.kerasAffine)
  })

  it('finds the outlines scikit-image finds', () => {
    const { height, width, plane, cannyEdges: expected } = golden.shape
    const shape = tensor([1, 1, height, width], Float32Array.from(plane))
    const edges = cannyEdges.apply(shape, { random: createRandom(1) })
    assert.ok(!(edges instanceof Promise))
    assert.deepEqual([...edges.data], expected)
  })
})
