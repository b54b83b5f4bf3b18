import { createNode, type Node } from '../node.ts'
import { defineOp, float, type GradientContext, type Op } from '../op.ts'

type UnaryGradient = (context: GradientContext & { readonly x: Node }) => Node

function unary(name: string, gradient: UnaryGradient): Op {
  return defineOp({
    name,
    infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
    gradient: (context) => [gradient({ ...context, x: context.inputs[0] })],
    emit: () => ({}),
  })
}

/** Elementwise functions of one operand; the derivative of Sign is 0, of Relu at 0 as well. */
export const Neg = unary('Neg', ({ grad, ops }) => ops.neg(grad))
export const Exp = unary('Exp', ({ grad, node, ops }) => ops.mul(grad, node))
export const Log = unary('Log', ({ grad, x, ops }) => ops.div(grad, x))
export const Sqrt = unary('Sqrt', ({ grad, node, ops }) =>
  ops.div(ops.mul(grad, ops.constant(0.5)), node),
)
export const Abs = unary('Abs', ({ grad, x, ops }) => ops.mul(grad, ops.sign(x)))
export const Sign = unary('Sign', ({ x, ops }) => ops.mul(x, ops.constant(0)))
export const Relu = unary('Relu', ({ grad, node, ops }) =>
  ops.mul(grad, ops.toFloat(ops.greater(node, ops.constant(0)))),
)
export const Sigmoid = unary('Sigmoid', ({ grad, node, ops }) =>
  ops.mul(grad, ops.mul(node, ops.sub(ops.constant(1), node))),
)
export const Tanh = unary('Tanh', ({ grad, node, ops }) =>
  ops.mul(grad, ops.sub(ops.constant(1), ops.mul(node, node))),
)

/** log(1 + eˣ) = max(x, 0) − log σ(|x|): vectorised throughout, and exact to 1e-7 for any x. */
export const Softplus = defineOp({
  name: 'Softplus',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  gradient: ({ grad, inputs: [x], ops }) => [ops.mul(grad, ops.sigmoid(x))],
  expand: ({ inputs: [x] }, ops) => ops.sub(ops.relu(x), ops.log(ops.sigmoid(ops.abs(x)))),
})

type LeakyAttributes = { readonly slope: number }

/** x, or slope · x below 0. */
export const LeakyRelu = defineOp<LeakyAttributes>({
  name: 'LeakyRelu',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  gradient: ({ grad, inputs: [x], attributes: { slope }, ops }) => [
    ops.where(ops.greater(x, ops.constant(0)), grad, ops.mul(grad, ops.constant(slope))),
  ],
  emit: ({ slope }) => ({ attributes: { alpha: float(slope) } }),
})

/** −x and eˣ. */
export const neg = (x: Node): Node => createNode(Neg, [x])
export const exp = (x: Node): Node => createNode(Exp, [x])
/** Natural logarithm. */
export const log = (x: Node): Node => createNode(Log, [x])
export const sqrt = (x: Node): Node => createNode(Sqrt, [x])
export const abs = (x: Node): Node => createNode(Abs, [x])
export const sign = (x: Node): Node => createNode(Sign, [x])
export const relu = (x: Node): Node => createNode(Relu, [x])
export const sigmoid = (x: Node): Node => createNode(Sigmoid, [x])
export const tanh = (x: Node): Node => createNode(Tanh, [x])
/** log(1 + eˣ). */
export const softplus = (x: Node): Node => createNode(Softplus, [x])
export const leakyRelu = (x: Node, slope = 0.01): Node => createNode(LeakyRelu, [x], { slope })
