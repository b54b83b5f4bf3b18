import type { Random } from '../../tensor/index.ts'
import { composeAffine, warpAffine, type AffineMap, type Surroundings } from './affine-warp.ts'
import { defineImageCorruption, mapPlanes, type WritableImage } from './corruption.ts'

const IDENTITY: AffineMap = { a: 1, b: 0, c: 0, d: 1, down: 0, right: 0 }

/** Turned by `angle` radians, to either side at random, on black. */
export const rotate = defineImageCorruption({
  name: 'rotate',
  title: 'Rotation',
  parameters: { angle: 0.4 },
  severities: [{ angle: 0.2 }, { angle: 0.4 }, { angle: 0.6 }, { angle: 0.8 }, { angle: 1 }],
  corrupt: (image, { angle }, random) => {
    const turn = angle * randomSign(random)
    const [sin, cos] = [Math.sin(turn), Math.cos(turn)]
    warp(image, { ...IDENTITY, a: cos, b: sin, c: -sin, d: cos }, 'black')
  },
})

/** Shrunk (below 1) or enlarged about its centre, on black. */
export const scale = defineImageCorruption({
  name: 'scale',
  title: 'Scaling',
  parameters: { factor: 0.7 },
  severities: [{ factor: 0.9 }, { factor: 0.8 }, { factor: 0.7 }, { factor: 0.6 }, { factor: 0.5 }],
  corrupt: (image, { factor }) => {
    warp(image, { ...IDENTITY, a: 1 / factor, d: 1 / factor }, 'black')
  },
})

/** Sheared by `angle` radians, to either side at random, on black. */
export const shear = defineImageCorruption({
  name: 'shear',
  title: 'Shearing',
  parameters: { angle: 0.4 },
  severities: [{ angle: 0.2 }, { angle: 0.4 }, { angle: 0.6 }, { angle: 0.8 }, { angle: 1 }],
  corrupt: (image, { angle }, random) => {
    const slant = angle * randomSign(random)
    warp(image, { ...IDENTITY, a: Math.cos(slant), c: -Math.sin(slant) }, 'black')
  },
})

/** Moved by `pixels` up or down and left or right, on black. */
export const translate = defineImageCorruption({
  name: 'translate',
  title: 'Translation',
  parameters: { pixels: 3 },
  severities: [{ pixels: 1 }, { pixels: 2 }, { pixels: 3 }, { pixels: 4 }, { pixels: 5 }],
  corrupt: (image, { pixels }, random) => {
    const down = pixels * randomSign(random)
    const right = pixels * randomSign(random)
    warp(image, { ...IDENTITY, down, right }, 'black')
  },
})

const SMALL = {
  rotation: 10,
  widthShift: 0.05,
  heightShift: 0.05,
  shear: 0.1,
  zoom: 0.1,
  flipHorizontally: false,
  flipVertically: false,
}

const MEDIUM = {
  rotation: 40,
  widthShift: 0.2,
  heightShift: 0.2,
  shear: 0.2,
  zoom: 0.2,
  flipHorizontally: true,
  flipVertically: false,
}

const LARGE = {
  rotation: 90,
  widthShift: 0.4,
  heightShift: 0.4,
  shear: 0.3,
  zoom: 0.4,
  flipHorizontally: true,
  flipVertically: true,
}

/**
 * Random affine change as Keras' ImageDataGenerator makes it, nearest pixel beyond the edge: rotation and shear
 * within ± degrees, shifts within ± shares of the width and height, each axis zoomed within 1 ± zoom, flips with
 * probability ½. Severities 1, 3 and 5 are the small, medium and large image shifts of Rabanser et al. 2019.
 */
export const imageShift = defineImageCorruption({
  name: 'image-shift',
  title: 'Random affine change',
  parameters: MEDIUM,
  severities: [
    SMALL,
    { ...SMALL, rotation: 20, widthShift: 0.1, heightShift: 0.1, zoom: 0.15 },
    MEDIUM,
    { ...MEDIUM, rotation: 60, widthShift: 0.3, heightShift: 0.3, zoom: 0.3 },
    LARGE,
  ],
  corrupt: (image, parameters, random) => {
    const map = drawShift(image, parameters, random)
    warp(image, map, 'nearest')
    if (parameters.flipHorizontally && random.uniform() < 0.5) flip(image, 'horizontally')
    if (parameters.flipVertically && random.uniform() < 0.5) flip(image, 'vertically')
  },
})

function drawShift(
  { height, width }: WritableImage,
  ranges: typeof SMALL,
  random: Random,
): AffineMap {
  const within = (range: number): number => (2 * random.uniform() - 1) * range
  return composeAffine({
    rotation: within(ranges.rotation),
    down: within(ranges.heightShift) * height,
    right: within(ranges.widthShift) * width,
    shear: within(ranges.shear),
    zoomY: 1 + within(ranges.zoom),
    zoomX: 1 + within(ranges.zoom),
  })
}

function warp(image: WritableImage, map: AffineMap, beyond: Surroundings): void {
  mapPlanes(image, (plane) => warpAffine(plane, image, { map, beyond }))
}

function flip(image: WritableImage, way: 'horizontally' | 'vertically'): void {
  const { height, width } = image
  mapPlanes(image, (plane) => {
    const out = new Float32Array(plane.length)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from =
          way === 'horizontally' ? y * width + width - 1 - x : (height - 1 - y) * width + x
        out[y * width + x] = plane[from]
      }
    }
    return out
  })
}

function randomSign(random: Random): number {
  return random.uniform() < 0.5 ? -1 : 1
}
