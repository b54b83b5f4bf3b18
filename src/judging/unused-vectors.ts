import type { VectorName } from '../measuring/values/index.ts'
import type { Note } from '../verdict/index.ts'

/** Of vectors that the reference had not: they play no part. */
export function notesOnUnused(
  needed: { readonly [name in VectorName]?: number },
  names: readonly VectorName[],
): Note[] {
  const unused = names.filter((name) => needed[name] === undefined)
  return unused.length === 0 ? [] : [{ code: 'unused-vectors', names: unused }]
}
