import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Node } from 'oxc-parser'
import { applyChange, type Change, lineAt, type Mutant } from './change.ts'
import { changesOf, unionsOf } from './operators.ts'
import { parses, type Syntax, walk } from './syntax.ts'

/** Every mutant of a file, in the order of the text. What is said in errors isn't changed, only whether they are thrown. */
export function findMutants(syntax: Syntax): Mutant[] {
  const nextInUnion = unionsOf(syntax)
  const found = new Map<string, Change & { readonly scope: string }>()
  walk(syntax.program, (node, above) => {
    if (isError(node)) return 'skip'
    const place = { text: syntax.text, parent: above.at(-1), nextInUnion }
    for (const change of changesOf(node, place)) {
      const key = `${change.start} ${change.end} ${change.text}`
      if (!found.has(key)) found.set(key, { ...change, scope: scopeOf(above) })
    }
    return undefined
  })
  const seen = new Map<string, number>()
  return [...found.values()]
    .filter((change) => parses(syntax.path, applyChange(syntax.text, change)))
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map(({ start, end, text, scope }) => {
      const original = syntax.text.slice(start, end)
      const name = [basename(syntax.path), scope, original, text].join('\0')
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      const id = createHash('sha256').update(`${name}\0${count}`).digest('hex').slice(0, 10)
      const line = lineAt(syntax.text, start)
      return { id, path: syntax.path, line, start, end, original, text }
    })
}

function isError(node: Node): boolean {
  return (
    node.type === 'NewExpression' &&
    node.callee.type === 'Identifier' &&
    node.callee.name.endsWith('Error')
  )
}

/** Names of the functions and variables a node stands in. */
function scopeOf(above: readonly Node[]): string {
  return above
    .flatMap((node) => ('id' in node && node.id?.type === 'Identifier' ? [node.id.name] : []))
    .join('.')
}
