import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { ops, opTable, topologicalOrder } from '../../src/engine/graph/index.ts'
import { assertGolden, type Build, buildCase, type GoldenCase } from './golden-derivatives.ts'

const golden = JSON.parse(
  readFileSync(new URL('../golden/onnx-ops.json', import.meta.url), 'utf8'),
) as Record<string, GoldenCase>

const withBias =
  (options: { readonly stride?: number; readonly padding?: number } = {}): Build =>
  (x, weights, bias) =>
    ops.convolution(x, weights, { ...options, bias })

const transposedWithBias =
  (options: { readonly stride?: number; readonly padding?: number } = {}): Build =>
  (x, weights, bias) =>
    ops.convolutionTranspose(x, weights, { ...options, bias })

const halved = { stride: 2, padding: 1 }

/** By the names of the golden cases: the same call on nodes. */
const builds: Readonly<Record<string, Build>> = {
  neg: ops.neg,
  exp: ops.exp,
  abs: ops.abs,
  sign: ops.sign,
  relu: ops.relu,
  'leaky relu': (x) => ops.leakyRelu(x, 0.2),
  sigmoid: ops.sigmoid,
  tanh: ops.tanh,
  flip: (x) => ops.flip(x, [0, 2]),
  'sum over the middle': (x) => ops.reduceSum(x, [1]),
  'mean over two axes, kept': (x) => ops.reduceMean(x, [-1 - 2, 2], true),
  'mean of all': (x) => ops.reduceMean(x),
  'largest of the last axis': (x) => ops.reduceMax(x, [-1]),
  reshape: (x) => ops.reshape(x, [4, 6]),
  expand: (x) => ops.expand(ops.reshape(x, [2, 3, 1, 4]), [2, 3, 5, 4]),
  transpose: (x) => ops.transpose(x, [2, 0, 1]),
  pad: (x) => ops.pad(x, [0, 0, 2], [0, 3, 1]),
  'pad by less than nothing': (x) => ops.pad(x, [0, 1, -1], [0, -1, 2]),
  'slice with steps': (x) =>
    ops.slice(x, { axes: [1, 2], starts: [1, 0], ends: [3, 4], steps: [1, 3] }),
  softmax: ops.softmax,
  'log softmax': ops.logSoftmax,
  softplus: ops.softplus,
  log: ops.log,
  sqrt: ops.sqrt,
  add: ops.add,
  sub: ops.sub,
  mul: ops.mul,
  div: ops.div,
  max: ops.max,
  min: ops.min,
  where: (x, a, b) => ops.where(ops.greater(x, ops.constant(0.25)), a, b),
  greater: (x, y) => ops.toFloat(ops.greater(x, y)),
  'greater or equal': (x, y) => ops.toFloat(ops.greaterOrEqual(x, y)),
  equal: (x, y) => ops.toFloat(ops.equal(x, y)),
  concat: (...parts) => ops.concat(parts, 1),
  upsample: (x) => ops.upsampleNearest(x, 3),
  'depth to space': (x) => ops.depthToSpace(x, 2),
  'space to depth': (x) => ops.spaceToDepth(x, 2),
  'slice at': (x) => ops.sliceAt(x, ops.constant({ shape: [1], data: BigInt64Array.of(2n) }), 3),
  matmul: (a, b) => ops.matMul(a, b),
  'matmul, left transposed': (a, b) => ops.matMul(a, b, { transposeA: true }),
  'matmul, right transposed': (a, b) => ops.matMul(a, b, { transposeB: true }),
  'matmul, both transposed': (a, b) => ops.matMul(a, b, { transposeA: true, transposeB: true }),
  'matmul over broadcast batches': (a, b) => ops.matMul(a, b),
  conv: withBias(),
  'conv, padded, odd sides': withBias({ padding: 1 }),
  'conv, stride 2, odd sides': withBias(halved),
  'conv, stride 3, leftover pixels': withBias({ stride: 3 }),
  'conv, wide kernel': withBias({ padding: 2 }),
  'conv of 8 channels': withBias({ padding: 1 }),
  'conv of 8 channels to 2': withBias({ padding: 1 }),
  'conv of 8 channels, no padding': withBias(),
  'conv of 8 channels, padded by 2': withBias({ padding: 2 }),
  'conv of 8 channels, stride 2, odd sides': withBias(halved),
  'conv of 5 channels, stride 2, kernel 4': withBias(halved),
  'conv of 5 channels, stride 3, leftover': withBias({ stride: 3 }),
  'conv of 33 channels, stride 2, kernel 2 by 1': withBias({ stride: 2 }),
  'conv transpose': transposedWithBias(),
  'conv transpose, stride 2, kernel 4': transposedWithBias(halved),
  'conv transpose, stride 2, kernel 3': transposedWithBias(halved),
  'conv transpose to 8 channels': transposedWithBias(halved),
  'conv transpose of 9 to 8 channels': transposedWithBias({ padding: 1 }),
  'max pool, leftover row and column': (x) => ops.maxPool(x, 2),
  'max pool of 3': (x) => ops.maxPool(x, 3),
  'average pool, leftover row': (x) => ops.averagePool(x, 2),
  'affine grid': (theta) => ops.affineGrid(theta, [2, 1, 3, 4]),
  'grid sample, zeros outside': (x, grid) => ops.gridSample(x, grid, 'zeros'),
  'grid sample, border outside': (x, grid) => ops.gridSample(x, grid, 'border'),
}

const names = Object.keys(golden)

describe('ops in ONNX Runtime', () => {
  it('have a golden case each, and a builder for each case', () => {
    assert.deepEqual(Object.keys(builds).toSorted(), names.toSorted())
    const nodes = names.flatMap((name) =>
      topologicalOrder([buildCase(builds[name], golden[name]).result]),
    )
    const used = new Set(nodes.map(({ op }) => op.name))
    assert.deepEqual(
      Object.keys(opTable).filter((name) => !used.has(name)),
      [],
    )
  })

  for (const name of names) {
    it(`give PyTorch's result and derivatives: ${name}`, () =>
      assertGolden(builds[name], golden[name]))
  }
})
