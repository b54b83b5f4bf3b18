import type { Random } from '../../tensor/index.ts'
import { defineImageCorruption, mapValues } from './corruption.ts'

/** Noise of standard deviation `sigma` on every value; `quantised` rounds to 8 bits as a camera would deliver it. */
export const gaussianNoise = defineImageCorruption<{ sigma: number; quantised: boolean }>({
  name: 'gaussian-noise',
  title: 'Gaussian noise',
  parameters: { sigma: 0.38, quantised: false },
  // MNIST-C (Mu and Gilmer 2019), as all severities here unless said otherwise.
  severities: [
    { sigma: 0.08, quantised: false },
    { sigma: 0.12, quantised: false },
    { sigma: 0.18, quantised: false },
    { sigma: 0.26, quantised: false },
    { sigma: 0.38, quantised: false },
  ],
  corrupt: (image, { sigma, quantised }, random) => {
    mapValues(image, (value) => value + sigma * random.normal())
    if (quantised) mapValues(image, toByte)
  },
})

/** A share of the values turned black or white, evenly. */
export const impulseNoise = defineImageCorruption({
  name: 'impulse-noise',
  title: 'Salt-and-pepper noise',
  parameters: { share: 0.17 },
  severities: [{ share: 0.03 }, { share: 0.06 }, { share: 0.09 }, { share: 0.17 }, { share: 0.27 }],
  corrupt: (image, { share }, random) => {
    mapValues(image, (value) => {
      const draw = random.uniform()
      if (draw >= share) return value
      return draw < share / 2 ? 1 : 0
    })
  },
})

/** Poisson noise of a sensor that collects `photons` at white. */
export const shotNoise = defineImageCorruption({
  name: 'shot-noise',
  title: 'Shot noise',
  parameters: { photons: 3 },
  severities: [{ photons: 60 }, { photons: 25 }, { photons: 12 }, { photons: 5 }, { photons: 3 }],
  corrupt: (image, { photons }, random) => {
    mapValues(image, (value) => drawPoisson(value * photons, random) / photons)
  },
})

/** Noise in proportion to the value itself. */
export const speckleNoise = defineImageCorruption({
  name: 'speckle-noise',
  title: 'Speckle noise',
  parameters: { sigma: 0.6 },
  severities: [{ sigma: 0.15 }, { sigma: 0.2 }, { sigma: 0.35 }, { sigma: 0.45 }, { sigma: 0.6 }],
  corrupt: (image, { sigma }, random) => {
    mapValues(image, (value) => value + value * sigma * random.normal())
  },
})

/** Above this mean, exp(−mean) would underflow, and the sum of two draws is taken. */
const LARGEST_MEAN = 500

/** One Poisson draw by inversion. */
function drawPoisson(mean: number, random: Random): number {
  if (mean <= 0) return 0
  if (mean > LARGEST_MEAN) {
    return drawPoisson(LARGEST_MEAN, random) + drawPoisson(mean - LARGEST_MEAN, random)
  }
  let probability = Math.exp(-mean)
  let rest = random.uniform() - probability
  let count = 0
  // Rounding can leave a crumb of `rest` for ever; the tail beyond is below any draw.
  const limit = mean + 20 * Math.sqrt(mean) + 50
  while (rest > 0 && count < limit) {
    count++
    probability *= mean / count
    rest -= probability
  }
  return count
}

function toByte(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 255) / 255
}
