/** A seed that depends on every part; different parts give unrelated streams (FNV-1a). */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c_9dc5
  for (const character of parts.join('/')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x0100_0193)
  }
  return hash >>> 0
}
