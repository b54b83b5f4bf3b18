import { type Node, ops } from '../graph/index.ts'

/** What an update reads: flat vectors of the same length, and two scalars. */
export type UpdateInputs = {
  readonly parameters: Node
  readonly gradient: Node
  readonly state: readonly Node[]
  readonly learningRate: Node
  /** 1 at the first step. */
  readonly step: Node
}

/** One optimisation rule on flat vectors; `slots` of them start at zero and are carried from step to step. */
export type Optimizer = {
  readonly name: string
  readonly slots: number
  update(inputs: UpdateInputs): { readonly parameters: Node; readonly state: readonly Node[] }
}

const scalar = ops.constant

/** `decay`·old + (1 − decay)·fresh. */
function average(old: Node, fresh: Node, decay: number): Node {
  return ops.add(ops.mul(old, scalar(decay)), ops.mul(fresh, scalar(1 - decay)))
}

export type MomentumOptions = { readonly momentum?: number }

/** Stochastic gradient descent with heavy-ball momentum, as PyTorch's SGD. */
export function sgd({ momentum = 0.9 }: MomentumOptions = {}): Optimizer {
  return {
    name: 'sgd',
    slots: 1,
    update: ({ parameters, gradient, state: [velocity], learningRate }) => {
      const next = ops.add(ops.mul(velocity, scalar(momentum)), gradient)
      return { parameters: ops.sub(parameters, ops.mul(next, learningRate)), state: [next] }
    },
  }
}

export type AdamOptions = {
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  /** Decoupled, scaled by the learning rate (AdamW, Loshchilov & Hutter 2019). */
  readonly weightDecay?: number
}

/** Adam with bias correction (Kingma & Ba 2015, algorithm 1); AdamW when `weightDecay` > 0. */
export function adam({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0,
}: AdamOptions = {}): Optimizer {
  return {
    name: 'adam',
    slots: 2,
    update: ({ parameters, gradient, state: [mean, square], learningRate, step }) => {
      const nextMean = average(mean, gradient, beta1)
      const nextSquare = average(square, ops.mul(gradient, gradient), beta2)
      const corrected = ops.div(nextMean, correction(beta1, step))
      const spread = ops.sqrt(ops.div(nextSquare, correction(beta2, step)))
      const change = ops.div(corrected, ops.add(spread, scalar(epsilon)))
      const decayed =
        weightDecay === 0
          ? parameters
          : ops.mul(parameters, ops.sub(scalar(1), ops.mul(learningRate, scalar(weightDecay))))
      return {
        parameters: ops.sub(decayed, ops.mul(change, learningRate)),
        state: [nextMean, nextSquare],
      }
    },
  }
}

/** 1 − betaᵗ. */
function correction(beta: number, step: Node): Node {
  return ops.sub(scalar(1), ops.exp(ops.mul(step, scalar(Math.log(beta)))))
}

export type AdadeltaOptions = { readonly rho?: number; readonly epsilon?: number }

/** Adadelta (Zeiler 2012, algorithm 1) with Keras' defaults. */
export function adadelta({ rho = 0.95, epsilon = 1e-7 }: AdadeltaOptions = {}): Optimizer {
  return {
    name: 'adadelta',
    slots: 2,
    update: ({ parameters, gradient, state: [square, change], learningRate }) => {
      const nextSquare = average(square, ops.mul(gradient, gradient), rho)
      const ratio = ops.div(
        ops.sqrt(ops.add(change, scalar(epsilon))),
        ops.sqrt(ops.add(nextSquare, scalar(epsilon))),
      )
      const delta = ops.mul(gradient, ratio)
      const nextChange = average(change, ops.mul(delta, delta), rho)
      return {
        parameters: ops.sub(parameters, ops.mul(delta, learningRate)),
        state: [nextSquare, nextChange],
      }
    },
  }
}

/** Scales the gradient down to at most this Euclidean length before the rule sees it. */
export function clipped(optimizer: Optimizer, maximumNorm: number): Optimizer {
  return {
    ...optimizer,
    name: `${optimizer.name}-clipped`,
    update: (inputs) => {
      const norm = ops.sqrt(ops.reduceSum(ops.mul(inputs.gradient, inputs.gradient)))
      const scale = ops.div(scalar(maximumNorm), ops.max(norm, scalar(maximumNorm)))
      return optimizer.update({ ...inputs, gradient: ops.mul(inputs.gradient, scale) })
    },
  }
}
