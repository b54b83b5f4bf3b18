import { elementCount } from '../../tensor/index.ts'
import { type Node, ops } from '../graph/index.ts'
import { type Layer, stateless } from './layer.ts'

/** Activations, value by value; the leaky one has slope 0.01 below 0. */
export const reluLayer: Layer = stateless(ops.relu)
export const sigmoidLayer: Layer = stateless(ops.sigmoid)
export const leakyReluLayer: Layer = stateless((x) => ops.leakyRelu(x))

/** Largest of each `size`×`size` tile. */
export const maxPoolLayer = (size: number): Layer => stateless((x) => ops.maxPool(x, size))
/** Mean of each `size`×`size` tile. */
export const averagePoolLayer = (size: number): Layer => stateless((x) => ops.averagePool(x, size))
/** Mean over the whole image: N×C×H×W to N×C. */
export const globalAverageLayer: Layer = stateless((x) => ops.reduceMean(x, [2, 3]))
/** Repeats each pixel `factor` times along both axes. */
export const upsampleLayer = (factor: number): Layer =>
  stateless((x) => ops.upsampleNearest(x, factor))

/** N×… to N×product. */
export const flattenLayer: Layer = stateless((x) =>
  ops.reshape(x, [x.shape[0], elementCount(x.shape.slice(1))]),
)
/** N×product to N×shape. */
export const reshapeLayer = (shape: readonly number[]): Layer =>
  stateless((x) => ops.reshape(x, [x.shape[0], ...shape]))

/** N×`inputs` to N×`outputs`: a matrix product and a bias. */
export function denseLayer(inputs: number, outputs: number): Layer {
  return {
    parameters: [
      { name: 'weights', shape: [inputs, outputs], initial: { kind: 'he-normal', fanIn: inputs } },
      { name: 'bias', shape: [outputs], initial: { kind: 'fixed', value: 0 } },
    ],
    apply: (x, [weights, bias]) => ops.add(ops.matMul(x, weights), bias),
  }
}

/** Zero mean and unit variance within each of `groups` channel groups of an image (Wu & He 2018). */
export function groupNormalisationLayer(channels: number, groups: number): Layer {
  return {
    parameters: [
      { name: 'scale', shape: [channels, 1, 1], initial: { kind: 'fixed', value: 1 } },
      { name: 'shift', shape: [channels, 1, 1], initial: { kind: 'fixed', value: 0 } },
    ],
    apply: (x, [scale, shift]) => {
      const grouped = ops.reshape(x, [x.shape[0], groups, elementCount(x.shape.slice(1)) / groups])
      const normal = ops.reshape(standardise(grouped), x.shape)
      return ops.add(ops.mul(normal, scale), shift)
    },
  }
}

/** Subtracts the mean and divides by the standard deviation of the last axis. */
function standardise(x: Node): Node {
  const centred = ops.sub(x, ops.reduceMean(x, [2], true))
  const variance = ops.reduceMean(ops.mul(centred, centred), [2], true)
  return ops.div(centred, ops.sqrt(ops.add(variance, ops.constant(1e-5))))
}

/** Adds normal noise of this standard deviation while training. */
export function gaussianNoiseLayer(deviation: number): Layer {
  return stateless((x, { noise }) =>
    noise === undefined ? x : ops.add(x, ops.mul(noise.normal(x.shape), ops.constant(deviation))),
  )
}

/** Zeroes this share of values while training and scales the rest up to keep the mean. */
export function dropoutLayer(rate: number): Layer {
  if (rate < 0 || rate >= 1) throw new RangeError(`expected a rate in [0, 1), got ${rate}`)
  return stateless((x, { noise }) => {
    if (noise === undefined || rate === 0) return x
    const kept = ops.greater(uniformFromNormal(noise.normal(x.shape)), ops.constant(rate))
    return ops.where(kept, ops.mul(x, ops.constant(1 / (1 - rate))), ops.constant(0))
  })
}

/** Normal draws to uniform ones by the logistic approximation of Φ (Bowling et al. 2009, |error| < 1.5e-4). */
function uniformFromNormal(z: Node): Node {
  const cube = ops.mul(ops.mul(z, z), z)
  const exponent = ops.add(ops.mul(cube, ops.constant(0.07056)), ops.mul(z, ops.constant(1.5976)))
  return ops.sigmoid(exponent)
}
