import * as arithmetic from './arithmetic.ts'
import * as convolution from './convolution.ts'
import * as leaf from './leaf.ts'
import * as linear from './linear.ts'
import * as movement from './movement.ts'
import * as pooling from './pooling.ts'
import * as reduction from './reduction.ts'
import * as sampling from './sampling.ts'
import * as selection from './selection.ts'
import * as slice from './slice.ts'
import * as softmax from './softmax.ts'
import * as unary from './unary.ts'

/** Every builder, for writing graphs and gradient rules. */
export const ops = {
  constant: leaf.constant,
  input: leaf.input,
  vector: leaf.vector,
  add: arithmetic.add,
  sub: arithmetic.sub,
  mul: arithmetic.mul,
  div: arithmetic.div,
  max: arithmetic.max,
  min: arithmetic.min,
  neg: unary.neg,
  exp: unary.exp,
  log: unary.log,
  sqrt: unary.sqrt,
  abs: unary.abs,
  sign: unary.sign,
  relu: unary.relu,
  leakyRelu: unary.leakyRelu,
  sigmoid: unary.sigmoid,
  tanh: unary.tanh,
  softplus: unary.softplus,
  greater: selection.greater,
  greaterOrEqual: selection.greaterOrEqual,
  equal: selection.equal,
  where: selection.where,
  toFloat: selection.toFloat,
  reduceSum: reduction.reduceSum,
  reduceMean: reduction.reduceMean,
  reduceMax: reduction.reduceMax,
  sumTo: reduction.sumTo,
  reshape: movement.reshape,
  expand: movement.expand,
  transpose: movement.transpose,
  concat: movement.concat,
  pad: movement.pad,
  depthToSpace: movement.depthToSpace,
  spaceToDepth: movement.spaceToDepth,
  upsampleNearest: movement.upsampleNearest,
  slice: slice.slice,
  sliceAt: slice.sliceAt,
  flip: slice.flip,
  matMul: linear.matMul,
  softmax: softmax.softmax,
  logSoftmax: softmax.logSoftmax,
  convolution: convolution.convolution,
  convolutionTranspose: convolution.convolutionTranspose,
  maxPool: pooling.maxPool,
  averagePool: pooling.averagePool,
  affineGrid: sampling.affineGrid,
  gridSample: sampling.gridSample,
} as const

/** What gradient rules write their graphs with. */
export type Builders = typeof ops

/** Every op record by name. A new op is one record and one line here. */
export const opTable = {
  Input: leaf.Input,
  Constant: leaf.Constant,
  Add: arithmetic.Add,
  Sub: arithmetic.Sub,
  Mul: arithmetic.Mul,
  Div: arithmetic.Div,
  Max: arithmetic.Max,
  Min: arithmetic.Min,
  Neg: unary.Neg,
  Exp: unary.Exp,
  Log: unary.Log,
  Sqrt: unary.Sqrt,
  Abs: unary.Abs,
  Sign: unary.Sign,
  Relu: unary.Relu,
  LeakyRelu: unary.LeakyRelu,
  Sigmoid: unary.Sigmoid,
  Tanh: unary.Tanh,
  Softplus: unary.Softplus,
  Greater: selection.Greater,
  GreaterOrEqual: selection.GreaterOrEqual,
  Equal: selection.Equal,
  Where: selection.Where,
  Cast: selection.Cast,
  ReduceSum: reduction.ReduceSum,
  ReduceMean: reduction.ReduceMean,
  ReduceMax: reduction.ReduceMax,
  Reshape: movement.Reshape,
  Expand: movement.Expand,
  Transpose: movement.Transpose,
  Concat: movement.Concat,
  Pad: movement.Pad,
  DepthToSpace: movement.DepthToSpace,
  SpaceToDepth: movement.SpaceToDepth,
  Resize: movement.Resize,
  Slice: slice.Slice,
  SliceAt: slice.SliceAt,
  Flip: slice.Flip,
  MatMul: linear.MatMul,
  Softmax: softmax.Softmax,
  LogSoftmax: softmax.LogSoftmax,
  Conv: convolution.Conv,
  ConvTranspose: convolution.ConvTranspose,
  MaxPool: pooling.MaxPool,
  AveragePool: pooling.AveragePool,
  AffineGrid: sampling.AffineGrid,
  GridSample: sampling.GridSample,
} as const

/** Keys of `opTable`. */
export type OpName = keyof typeof opTable
