import type { VectorName } from '../measuring/values/index.ts'

/** What to say of vectors that the reference had not: they play no part. */
export function notesOnUnused(
  needed: { readonly [name in VectorName]?: number },
  names: readonly VectorName[],
): string[] {
  const unused = names.filter((name) => needed[name] === undefined)
  return unused.length === 0
    ? []
    : [`${unused.join(' and ')} given beside the images are not used: the reference had none`]
}
