import { GRADED_CHANGES, type GradedChange } from '../../src/images/index.ts'

/** Graded changes that are alike: a witness that was taught one of them has been taught something of the others. */
export const FAMILIES = {
  light: ['brighter', 'darker', 'less-contrast', 'dark-corners'],
  sharpness: ['blurred', 'coarser'],
  grain: ['noise', 'wrong-pixels'],
  position: ['turned', 'moved', 'smaller'],
  colour: ['less-colour', 'colour-cast'],
  cover: ['covered', 'lens-spot'],
  compression: ['jpeg'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** A family of graded changes. */
export type Family = keyof typeof FAMILIES

/** The names of all of them. */
export const FAMILY_NAMES = Object.keys(FAMILIES) as Family[]

/** Its changes that images of so many channels can show. */
export function changesOf(family: Family, channels: number): GradedChange[] {
  const names: readonly string[] = FAMILIES[family]
  return GRADED_CHANGES.filter(
    ({ name, needsColour }) => names.includes(name) && (needsColour !== true || channels === 3),
  )
}

/** All changes but those of a family. */
export function changesBeside(family: Family, channels: number): GradedChange[] {
  return FAMILY_NAMES.filter((one) => one !== family).flatMap((one) => changesOf(one, channels))
}
