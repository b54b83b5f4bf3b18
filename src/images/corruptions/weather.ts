import type { Random } from '../../tensor/index.ts'
import { defineCorruption, defineImageCorruption } from './corruption.ts'
import { plasmaFractal } from './plasma-fractal.ts'
import { blurGaussian } from './spatial-filter.ts'

/** Images that share one plasma map; each takes its own cut of it. */
const IMAGES_PER_MAP = 16

/** A plasma cloud of weight `density` over the image; `decay` above 1 makes it smoother. */
export const fog = defineCorruption({
  name: 'fog',
  title: 'Fog',
  parameters: { density: 3, decay: 1.4 },
  severities: [
    { density: 1.5, decay: 2 },
    { density: 2, decay: 2 },
    { density: 2.5, decay: 1.7 },
    { density: 2.5, decay: 1.5 },
    { density: 3, decay: 1.4 },
  ],
  corrupt: (images, { density, decay }, random) => {
    if (images.count === 0) return
    const { height, width, channels } = images.image(0)
    const side = 2 ** Math.max(8, Math.ceil(Math.log2(Math.max(height, width))))
    let cloud: Float32Array = new Float32Array()
    for (let index = 0; index < images.count; index++) {
      if (index % IMAGES_PER_MAP === 0) cloud = plasmaFractal(side, decay, random)
      const { data } = images.image(index)
      const brightest = data.reduce((highest, value) => Math.max(highest, value), 0)
      const share = brightest / (brightest + density)
      const top = random.integer(side)
      const left = random.integer(side)
      for (let i = 0; i < channels * height * width; i++) {
        const row = (top + (Math.floor(i / width) % height)) % side
        const column = (left + (i % width)) % side
        data[i] = (data[i] + density * cloud[row * side + column]) * share
      }
    }
  },
})

/** Drops of mud on the lens: blurred noise above `level`, as grey spots. */
export const spatter = defineImageCorruption({
  name: 'spatter',
  title: 'Mud on the lens',
  parameters: { mean: 0.65, spread: 0.3, dropSigma: 1, level: 0.65, rimSigma: 1.5 },
  severities: [
    { mean: 0.65, spread: 0.3, dropSigma: 4, level: 0.69, rimSigma: 0.6 },
    { mean: 0.65, spread: 0.3, dropSigma: 3, level: 0.68, rimSigma: 0.6 },
    { mean: 0.65, spread: 0.3, dropSigma: 2, level: 0.68, rimSigma: 0.5 },
    { mean: 0.65, spread: 0.3, dropSigma: 1, level: 0.65, rimSigma: 1.5 },
    { mean: 0.67, spread: 0.4, dropSigma: 1, level: 0.65, rimSigma: 1.5 },
  ],
  corrupt: (image, { mean, spread, dropSigma, level, rimSigma }, random) => {
    const { height, width, channels, data } = image
    const area = height * width
    const noise = normals(area, random).map((value) => mean + spread * value)
    const drops = blurGaussian(noise, image, dropSigma).map((value) => (value > level ? 1 : 0))
    const cover = blurGaussian(drops, image, rimSigma).map((value) => (value < 0.8 ? 0 : value))
    for (let i = 0; i < channels * area; i++) {
      const covered = cover[i % area]
      data[i] = data[i] * (1 - covered) + MUD * covered
    }
  },
})

/** Corners darkened by `strength`, falling with the square of the distance from the centre. Severities are our own. */
export const vignette = defineImageCorruption({
  name: 'vignette',
  title: 'Dark corners',
  parameters: { strength: 0.6 },
  severities: [
    { strength: 0.2 },
    { strength: 0.4 },
    { strength: 0.6 },
    { strength: 0.8 },
    { strength: 1 },
  ],
  corrupt: ({ height, width, data }, { strength }) => {
    const centreY = (height - 1) / 2
    const centreX = (width - 1) / 2
    const farthest = Math.max(1, centreY ** 2 + centreX ** 2)
    for (let i = 0; i < data.length; i++) {
      const y = (Math.floor(i / width) % height) - centreY
      const x = (i % width) - centreX
      data[i] *= 1 - (strength * (y * y + x * x)) / farthest
    }
  },
})

/** Grey of the published mud. */
const MUD = 63 / 255

function normals(count: number, random: Random): Float32Array {
  const values = new Float32Array(count)
  for (let i = 0; i < count; i++) values[i] = random.normal()
  return values
}
