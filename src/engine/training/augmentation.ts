import { type Random, tensor, type Tensor } from '../../tensor/index.ts'
import { type Node, ops } from '../graph/index.ts'
import type { NoiseSource } from '../nn/index.ts'

/** Largest strength of each random change; a strength left out or 0 switches it off. */
export type Augmentation = {
  /** Standard deviation of added normal noise, in pixel units of [0, 1]. */
  readonly noise?: number | undefined
  /** Degrees either way. */
  readonly rotation?: number | undefined
  /** Share of the image side, either way along both axes. */
  readonly translation?: number | undefined
  /** Added to every pixel, either way. */
  readonly brightness?: number | undefined
  /** Relative change of the distance from mid-grey, either way. */
  readonly contrast?: number | undefined
}

type Size = { readonly channels: number; readonly height: number; readonly width: number }

/** The random changes as part of a training graph. */
export type GraphAugmentation = {
  /** Shapes of the per-image draws the graph reads, by input name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  draw(random: Random, batchSize: number): Readonly<Record<string, Tensor>>
  /** Moves and lights the images; clipped to [0, 1]. */
  transform(images: Node, draws: Readonly<Record<string, Node>>): Node
  /** Adds the noise; clipped to [0, 1]. */
  corrupt(images: Node, noise: NoiseSource | undefined): Node
}

/** Compiles strengths into graph parts for images of one size. */
export function graphAugmentation(settings: Augmentation, size: Size): GraphAugmentation {
  const {
    rotation = 0,
    translation = 0,
    brightness = 0,
    contrast = 0,
    noise: deviation = 0,
  } = settings
  const moves = rotation > 0 || translation > 0
  const lights = brightness > 0 || contrast > 0
  return {
    inputs: { ...(moves ? { theta: [2, 3] } : {}), ...(lights ? { light: [2] } : {}) },
    draw: (random, batchSize) => ({
      ...(moves ? { theta: drawMoves(random, batchSize, { rotation, translation, ...size }) } : {}),
      ...(lights ? { light: drawLights(random, batchSize, { brightness, contrast }) } : {}),
    }),
    transform: (images, { theta, light }) => {
      const moved = theta === undefined ? images : move(images, theta)
      return light === undefined ? moved : relight(moved, light)
    },
    corrupt: (images, noise) =>
      noise === undefined || deviation === 0
        ? images
        : clipToUnit(ops.add(images, ops.mul(noise.normal(images.shape), ops.constant(deviation)))),
  }
}

function clipToUnit(images: Node): Node {
  return ops.min(ops.max(images, ops.constant(0)), ops.constant(1))
}

function move(images: Node, theta: Node): Node {
  const grid = ops.affineGrid(theta, images.shape as [number, number, number, number])
  return ops.gridSample(images, grid, 'border')
}

/** light: N×2, gain − 1 and offset. */
function relight(images: Node, light: Node): Node {
  const part = (i: number) =>
    ops.reshape(ops.slice(light, { axes: [1], starts: [i], ends: [i + 1] }), [
      light.shape[0],
      1,
      1,
      1,
    ])
  const grey = ops.constant(0.5)
  const scaled = ops.mul(ops.sub(images, grey), ops.add(part(0), ops.constant(1)))
  return clipToUnit(ops.add(ops.add(scaled, grey), part(1)))
}

const symmetric = (random: Random, limit: number): number => limit * (2 * random.uniform() - 1)

/** One 2×3 matrix per image, in coordinates of [−1, 1] along each axis. */
function drawMoves(
  random: Random,
  count: number,
  limits: Size & { readonly rotation: number; readonly translation: number },
): Tensor {
  const aspect = limits.height / limits.width
  const data = new Float32Array(count * 6)
  for (let i = 0; i < count; i++) {
    const angle = (symmetric(random, limits.rotation) * Math.PI) / 180
    const x = 2 * symmetric(random, limits.translation)
    const y = 2 * symmetric(random, limits.translation)
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    data.set([cos, -sin * aspect, x, sin / aspect, cos, y], i * 6)
  }
  return tensor([count, 2, 3], data)
}

function drawLights(
  random: Random,
  count: number,
  limits: { readonly brightness: number; readonly contrast: number },
): Tensor {
  const data = new Float32Array(count * 2)
  for (let i = 0; i < count; i++) {
    data[2 * i] = symmetric(random, limits.contrast)
    data[2 * i + 1] = symmetric(random, limits.brightness)
  }
  return tensor([count, 2], data)
}
