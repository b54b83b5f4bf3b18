import type { Tensor } from '../../tensor/index.ts'

/** What a user's own model may have made of an image. */
export const MODEL_OUTPUT_NAMES = ['probabilities', 'logits', 'embeddings'] as const

/** `probabilities` and `logits` have one number per class, `embeddings` as many as the model makes. */
export type ModelOutputName = (typeof MODEL_OUTPUT_NAMES)[number]

/** What the user's own model made of N images, N×K each: probabilities or logits, never both. */
export type ModelOutputs = { readonly [name in ModelOutputName]?: Tensor }

/** What is known of N images beside their pixels, N×K each. */
export type SideInputs = ModelOutputs & {
  /** What their files say, by the columns of `FILE_COLUMNS`. */
  readonly files?: Tensor | undefined
}

const SIDE_INPUT_NAMES = [...MODEL_OUTPUT_NAMES, 'files'] as const

/** The name of anything that is known of images beside their pixels. */
export type SideInputName = (typeof SIDE_INPUT_NAMES)[number]

/** Names of all rows there are. */
export function sideInputNamesOf(inputs: SideInputs): SideInputName[] {
  return SIDE_INPUT_NAMES.filter((name) => inputs[name] !== undefined)
}

/** Names of the model's outputs there are. */
export function modelOutputNamesOf(inputs: {
  readonly [name in ModelOutputName]?: unknown
}): ModelOutputName[] {
  return MODEL_OUTPUT_NAMES.filter((name) => inputs[name] !== undefined)
}

/** The same of other rows, as `choose` picks them. */
export function mapSideInputs(
  inputs: SideInputs,
  choose: (rows: Tensor, name: SideInputName) => Tensor,
): SideInputs {
  const entries = SIDE_INPUT_NAMES.flatMap((name) => {
    const rows = inputs[name]
    return rows === undefined ? [] : [[name, choose(rows, name)] as const]
  })
  return Object.fromEntries(entries)
}
