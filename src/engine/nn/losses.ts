import { type Node, ops } from '../graph/index.ts'

/** Binary cross-entropy of sigmoid(`logits`) against targets in [0, 1], per value: softplus(z) − z·t. */
export function binaryCrossEntropy(logits: Node, targets: Node): Node {
  return ops.sub(ops.softplus(logits), ops.mul(logits, targets))
}

/** Squared difference, per value. */
export function squaredError(predictions: Node, targets: Node): Node {
  const difference = ops.sub(predictions, targets)
  return ops.mul(difference, difference)
}

/** −Σ target · log softmax(logits) over classes, one value per row; targets are probabilities N×K. */
export function softmaxCrossEntropy(logits: Node, targets: Node): Node {
  return ops.neg(ops.reduceSum(ops.mul(targets, ops.logSoftmax(logits)), [1]))
}
