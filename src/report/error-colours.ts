/**
 * Inferno (van der Walt and Smith 2015, public domain), sampled at 25 equal steps: dark to light in
 * perceptually even steps, also in print and for colour-blind eyes. Between samples linear, within 4/255.
 */
const INFERNO =
  '000004050417110a30210c4a320a5e450a6957106e67166e781c6d8a226a9a2865ab2f5ebc3754ca404ad84c3ee45a31ed6925f57b17f98e09fca108fbb61af9cb35f4df53f2f27dfcffa4'

const SAMPLES = Array.from({ length: INFERNO.length / 2 }, (_, i) =>
  Number.parseInt(INFERNO.slice(2 * i, 2 * i + 2), 16),
)
const LAST = SAMPLES.length / 3 - 1

/** Red, green and blue in [0, 1] of an error in [0, 1]; outside it the end colours. */
export function errorColour(error: number): [red: number, green: number, blue: number] {
  const at = Math.min(1, Math.max(0, error)) * LAST
  const left = Math.min(Math.floor(at), LAST - 1)
  const share = at - left
  const mix = (channel: number): number => {
    const from = SAMPLES[left * 3 + channel]
    const to = SAMPLES[(left + 1) * 3 + channel]
    return (from + (to - from) * share) / 255
  }
  return [mix(0), mix(1), mix(2)]
}

/** The same colours as a CSS gradient from left to right. */
export function errorGradient(): string {
  const stops = Array.from({ length: 9 }, (_, i) => {
    const [r, g, b] = errorColour(i / 8).map((value) => Math.round(value * 255))
    return `rgb(${r},${g},${b})`
  })
  return `linear-gradient(to right,${stops.join(',')})`
}
