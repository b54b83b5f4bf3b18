import { broadcastShapes, compatible } from '../broadcast.ts'
import { createNode, type Node, type Shape } from '../node.ts'
import { defineOp, int } from '../op.ts'

type MatMulAttributes = { readonly transposeA: boolean; readonly transposeB: boolean }

function productShape(a: Shape, b: Shape, { transposeA, transposeB }: MatMulAttributes): Shape {
  if (a.length < 2 || b.length < 2) throw new RangeError('expected matrices of two axes or more')
  const [rows, innerA] = lastAxes(a, transposeA)
  const [innerB, columns] = lastAxes(b, transposeB)
  if (!compatible(innerA, innerB)) {
    throw new RangeError(
      `expected matching inner axes, got [${a.join(', ')}] and [${b.join(', ')}]`,
    )
  }
  return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), rows, columns]
}

function lastAxes(shape: Shape, transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number]
  return transposed ? [columns, rows] : [rows, columns]
}

/** A plain MatMul unless an operand is read transposed, which needs ONNX Runtime’s FusedMatMul. */
export const MatMul = defineOp<MatMulAttributes>({
  name: 'MatMul',
  infer: ([a, b], attributes) => ({
    shape: productShape(a.shape, b.shape, attributes),
    dtype: a.dtype,
  }),
  gradient: ({ grad, inputs: [a, b], attributes: { transposeA, transposeB }, ops }) => {
    const byA = transposeA
      ? ops.matMul(b, grad, { transposeA: transposeB, transposeB: true })
      : ops.matMul(grad, b, { transposeB: !transposeB })
    const byB = transposeB
      ? ops.matMul(grad, a, { transposeA: true, transposeB: transposeA })
      : ops.matMul(a, grad, { transposeA: !transposeA })
    return [ops.sumTo(byA, a.shape), ops.sumTo(byB, b.shape)]
  },
  emit: ({ transposeA, transposeB }) =>
    transposeA || transposeB
      ? {
          opType: 'FusedMatMul',
          domain: 'com.microsoft',
          attributes: { transA: int(transposeA ? 1 : 0), transB: int(transposeB ? 1 : 0) },
        }
      : {},
})

/** Matrix product over the last two axes, leading axes broadcast; a transpose costs no copy. */
export const matMul = (
  a: Node,
  b: Node,
  { transposeA = false, transposeB = false }: Partial<MatMulAttributes> = {},
): Node => createNode(MatMul, [a, b], { transposeA, transposeB })
