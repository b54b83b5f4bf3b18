import {
  brightness,
  type Corruption,
  type CorruptionParameters,
  darken,
  gaussianBlur,
  gaussianNoise,
  saturate,
} from '../../src/images/index.ts'
import type { Random, Tensor } from '../../src/tensor/index.ts'

type Look = { readonly corruption: Corruption; readonly parameters: CorruptionParameters }

/** Changes of what images look like, clear to the eye but mild, and one that is hardly seen. */
export const APPEARANCES = {
  brighter: { corruption: brightness, parameters: { shift: 0.1 } },
  darker: { corruption: darken, parameters: { factor: 0.8 } },
  blurred: { corruption: gaussianBlur, parameters: { sigma: 0.8 } },
  noisy: { corruption: gaussianNoise, parameters: { sigma: 0.04 } },
  colourful: { corruption: saturate, parameters: { factor: 1.4, offset: 0 } },
} as const satisfies Record<string, Look>

export type AppearanceName = keyof typeof APPEARANCES

/** A changed copy, in 8-bit levels as it would be stored. */
export async function changeLook(
  { shape, data }: Tensor,
  name: AppearanceName,
  random: Random,
): Promise<Tensor> {
  const { corruption, parameters } = APPEARANCES[name] as Look
  const changed = await corruption.apply({ shape, data: data.slice() }, { random, ...parameters })
  return { ...changed, data: changed.data.map((value) => Math.round(value * 255) / 255) }
}
