import { readFileSync } from 'node:fs'
import { type Node, parseSync, type Program, visitorKeys } from 'oxc-parser'

/** A source file and its tree; offsets are UTF-16 units, as in the text. */
export type Syntax = { readonly path: string; readonly text: string; readonly program: Program }

/** What a walk knows of the place it is at: the nodes above, nearest last. */
export type Visit = (node: Node, above: readonly Node[]) => 'skip' | undefined

/** Reads and parses a TypeScript file; throws where it isn't one. */
export function parseFile(path: string): Syntax {
  return parseText(path, readFileSync(path, 'utf8'))
}

/** Parses text as the TypeScript file `path`. */
export function parseText(path: string, text: string): Syntax {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0].message}`)
  return { path, text, program }
}

/** Whether the text is TypeScript at all. */
export function parses(path: string, text: string): boolean {
  return parseSync(path, text).errors.length === 0
}

/** Visits every node that exists at run time, parents first; types are left out, and what is below a 'skip'. */
export function walk(node: Node, visit: Visit, above: readonly Node[] = []): void {
  if (isErased(node) || visit(node, above) === 'skip') return
  const inside = [...above, node]
  for (const key of visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key]
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child) walk(child, visit, inside)
    }
  }
}

/** Specifiers of everything the file imports or exports from elsewhere when it runs. */
export function importsOf({ program }: Syntax): string[] {
  return program.body.flatMap((statement) => {
    const source = 'source' in statement ? statement.source : null
    const kind =
      'importKind' in statement
        ? statement.importKind
        : 'exportKind' in statement
          ? statement.exportKind
          : undefined
    return source && kind !== 'type' ? [source.value] : []
  })
}

const valuesInTypes = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'])

function isErased(node: Node): boolean {
  if (node.type.startsWith('TS')) return !valuesInTypes.has(node.type)
  return node.type === 'ImportDeclaration' || ('declare' in node && node.declare)
}
