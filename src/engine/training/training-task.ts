import type { Random, Tensor } from '../../tensor/index.ts'
import type { Node } from '../graph/index.ts'
import type { LayerContext, ParameterSpec } from '../nn/index.ts'

/** What is learned: parameters, the arrays a batch consists of, and its mean loss. */
export type TrainingTask = {
  readonly parameters: readonly ParameterSpec[]
  /** Shape of one row of each array, by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  /** Per-step draws made outside the graph (one tensor a name, first axis the batch), e.g. rotations. */
  readonly draws?: {
    readonly inputs: Readonly<Record<string, readonly number[]>>
    draw(random: Random, batchSize: number): Readonly<Record<string, Tensor>>
  }
  /**
   * Scalar mean over the rows of its inputs, however many they are: a batch is computed in parts.
   * Without `context.noise` it is the loss to validate with.
   */
  loss(
    inputs: Readonly<Record<string, Node>>,
    parameters: readonly Node[],
    context: LayerContext,
  ): Node
}
