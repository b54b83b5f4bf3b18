import {
  binaryCrossEntropy,
  constantParameters,
  FREE,
  type Node,
  ops,
  splitTransposed,
  writeModel,
} from '../../engine/index.ts'
import type { ImageShape } from '../../images/index.ts'
import type { FeatureColumn } from '../representation.ts'
import type { Architecture } from './architecture.ts'

/** Columns of the reconstruction, in the order of the scorer's output. */
export const reconstructionColumns: readonly FeatureColumn[] = [
  { name: 'loss', group: 'reconstruction', title: 'reconstruction loss' },
  {
    name: 'excess-loss',
    group: 'reconstruction',
    title: 'reconstruction loss beyond the image’s own entropy',
  },
  {
    name: 'input-entropy',
    group: 'reconstruction',
    title: 'amount of grey in the image (binary entropy)',
  },
  {
    name: 'reconstruction-entropy',
    group: 'reconstruction',
    title: 'uncertainty of the reconstruction (binary entropy)',
  },
  { name: 'squared-error', group: 'reconstruction', title: 'mean squared reconstruction error' },
  {
    name: 'maximum-error',
    group: 'reconstruction',
    title: 'largest reconstruction error of a pixel',
  },
  { name: 'row-error', group: 'reconstruction', title: 'reconstruction error of the worst row' },
  {
    name: 'column-error',
    group: 'reconstruction',
    title: 'reconstruction error of the worst column',
  },
]

/** One column per code number. */
export function codeColumns(codeSize: number): FeatureColumn[] {
  return Array.from({ length: codeSize }, (_, i) => ({
    name: `code-${i}`,
    group: 'code' as const,
    title: `learned feature ${i}`,
  }))
}

/** Keeps the logarithms of the entropies finite; pixels beyond it count as exactly black or white. */
const EPSILON = 1e-7

/** −p·ln p − (1 − p)·ln(1 − p), per value. */
function binaryEntropy(probability: Node): Node {
  const one = ops.constant(1)
  const p = ops.min(ops.max(probability, ops.constant(EPSILON)), ops.constant(1 - EPSILON))
  const q = ops.sub(one, p)
  return ops.neg(ops.add(ops.mul(p, ops.log(p)), ops.mul(q, ops.log(q))))
}

const perImage = (x: Node): Node => ops.reshape(ops.reduceMean(x, [1, 2, 3]), [FREE, 1])

function scoreColumns(images: Node, logits: Node, reconstruction: Node): Node {
  const loss = perImage(binaryCrossEntropy(logits, images))
  const inputEntropy = perImage(binaryEntropy(images))
  const error = ops.abs(ops.sub(images, reconstruction))
  const worst = (axes: readonly number[], over: number) =>
    ops.reshape(ops.reduceMax(ops.reduceMean(error, axes, true), [over]), [FREE, 1])
  return ops.concat(
    [
      loss,
      ops.sub(loss, inputEntropy),
      inputEntropy,
      // The entropy of a probability given by its logit: no logarithm of a number near 0 or 1.
      perImage(binaryCrossEntropy(logits, reconstruction)),
      perImage(ops.mul(error, error)),
      ops.reshape(ops.reduceMax(error, [1, 2, 3]), [FREE, 1]),
      worst([1, 3], 2),
      worst([1, 2], 3),
    ],
    1,
  )
}

/**
 * Writes the scoring model: `images` N×C×H×W in [0, 1] to `loss` N, `columns` N×K and `reconstruction` N×C×H×W.
 * Standard ONNX operators only; shape, columns and version stand in its metadata.
 */
export function writeScorer(
  architecture: Architecture,
  shape: ImageShape,
  parameters: Float32Array,
): Uint8Array {
  const { encoder, decoder, codeSize } = architecture
  const images = ops.input('images', [FREE, shape.channels, shape.height, shape.width])
  const specs = [...encoder.parameters, ...decoder.parameters]
  const values = constantParameters(parameters, specs)
  const representation = encoder.apply(images, values.slice(0, encoder.parameters.length), {})
  const logits = decoder.apply(representation, values.slice(encoder.parameters.length), {})
  const reconstruction = ops.sigmoid(logits)
  const scores = scoreColumns(images, logits, reconstruction)
  const columns = ops.concat([scores, architecture.code(representation)], 1)
  const loss = ops.reshape(ops.slice(scores, { axes: [1], starts: [0], ends: [1] }), [FREE])
  return writeModel({
    name: 'pixeldrift-scorer',
    inputs: [images],
    outputs: splitTransposed({ loss, columns, reconstruction }),
    metadata: {
      'pixeldrift.kind': 'autoencoder-scorer',
      'pixeldrift.architecture': architecture.name,
      'pixeldrift.input': `float32 N×${shape.channels}×${shape.height}×${shape.width} in [0, 1]`,
      'pixeldrift.columns': [...reconstructionColumns, ...codeColumns(codeSize)]
        .map(({ name }) => name)
        .join(','),
    },
  })
}
