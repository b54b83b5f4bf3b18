import type { Node } from '../graph/index.ts'

/** How a parameter starts: scaled normal or uniform draws, or one fixed number. */
export type Initialiser =
  | { readonly kind: 'he-normal'; readonly fanIn: number }
  | { readonly kind: 'glorot-uniform'; readonly fanIn: number; readonly fanOut: number }
  | { readonly kind: 'fixed'; readonly value: number }

/** One learned array of a layer, and how it starts. */
export type ParameterSpec = {
  readonly name: string
  readonly shape: readonly number[]
  readonly initial: Initialiser
}

/** Random numbers for layers that need them while training. */
export type NoiseSource = {
  /** Independent standard normal draws of this shape, fresh at every step. */
  normal(shape: readonly number[]): Node
}

export type LayerContext = {
  /** Present while training; absent when scoring, where random layers do nothing. */
  readonly noise?: NoiseSource
}

/** A pure map from a node and its parameters to a node. */
export type Layer = {
  readonly parameters: readonly ParameterSpec[]
  apply(x: Node, parameters: readonly Node[], context: LayerContext): Node
}

/** Layers one after another; parameters in the same order, names prefixed with the position. */
export function sequential(layers: readonly Layer[]): Layer {
  const parameters = layers.flatMap((layer, i) =>
    layer.parameters.map((spec) => ({ ...spec, name: `${i}.${spec.name}` })),
  )
  return {
    parameters,
    apply: (x, values, context) => {
      let offset = 0
      return layers.reduce((value, layer) => {
        const own = values.slice(offset, offset + layer.parameters.length)
        offset += layer.parameters.length
        return layer.apply(value, own, context)
      }, x)
    },
  }
}

/** A layer without parameters. */
export function stateless(apply: (x: Node, context: LayerContext) => Node): Layer {
  return { parameters: [], apply: (x, _, context) => apply(x, context) }
}
