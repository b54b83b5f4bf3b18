import type { ModelOutputName } from '../measuring/values/index.ts'
import type { Note } from '../verdict/index.ts'

/** Of model outputs that the reference had not: they play no part. */
export function notesOnUnused(
  needed: { readonly [name in ModelOutputName]?: number },
  names: readonly ModelOutputName[],
): Note[] {
  const unused = names.filter((name) => needed[name] === undefined)
  return unused.length === 0 ? [] : [{ code: 'unused-vectors', names: unused }]
}
