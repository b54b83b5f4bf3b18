import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One import, re-export or dynamic import of a file. */
export type ImportOf = {
  readonly specifier: string
  /** `type` is erased, `static` is loaded with the file, `dynamic` when it is reached. */
  readonly kind: 'type' | 'static' | 'dynamic'
}

/** A TypeScript file of the repository; `code` is `text` with comments and string contents blanked. */
export type SourceFile = {
  /** From the root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly code: string
  readonly imports: readonly ImportOf[]
}

/** The folder package.json lies in. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The part of package.json the checks read. */
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

/** Every .ts file under the folders, sorted by path; a folder that does not exist has none. */
export function readSources(folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => listFiles(join(root, folder))).map(readSource)
}

/** Parses one file's text; imports are found wherever oxfmt would leave them. */
export function scanSource(path: string, text: string): SourceFile {
  const { code, strings } = blank(text)
  return { path, text, code, imports: [...findImports(code, strings)] }
}

/** The repository path a relative import leads to, or undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  return posix.normalize(posix.join(posix.dirname(from), specifier))
}

/** `@scope/name` or `name` of a bare specifier; `node:fs` for `node:fs/promises`. */
export function packageName(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}

/** Cycles of the graph `path → paths`, each as a closed walk; empty when there is none. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  const done = new Set<string>()
  const walk: string[] = []
  const visit = (path: string): void => {
    const start = walk.indexOf(path)
    if (start >= 0) cycles.push([...walk.slice(start), path])
    if (start >= 0 || done.has(path)) return
    walk.push(path)
    for (const next of graph.get(path) ?? []) visit(next)
    walk.pop()
    done.add(path)
  }
  for (const path of graph.keys()) visit(path)
  return cycles
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function readSource(file: string): SourceFile {
  return scanSource(relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8'))
}

/** Statements with `from`, side-effect imports, `import(…)`, `import.meta.resolve(…)`, `require.resolve(…)`. */
const importForms =
  /^(?:(?:import|export)\b(?<type> type\b)?[^'"`;=(){}]*(?:\{[^'"`;=(){}]*\}\s*)?\bfrom |import )(?=["'])|\b(?:import|import\.meta\.resolve|require|require\.resolve)\(\s*(?=["'])/gm

function* findImports(code: string, strings: ReadonlyMap<number, string>): Iterable<ImportOf> {
  for (const match of code.matchAll(importForms)) {
    const specifier = strings.get(match.index + match[0].length)
    const kind = match.groups?.['type'] ? 'type' : match[0].includes('(') ? 'dynamic' : 'static'
    if (specifier !== undefined) yield { specifier, kind }
  }
}

type Blanked = {
  readonly code: string
  /** Contents of quoted strings, by the offset of their opening quote. */
  readonly strings: ReadonlyMap<number, string>
}

const lexemes = {
  comment: /\/\/[^\n]*|\/\*[\s\S]*?\*\//y,
  quoted: /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y,
  regex: /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//y,
  templateText: /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y,
  plain: /[^/'"`{}]+/y,
}

/** Blanks everything that is not code, keeping offsets, quotes and line ends. */
function blank(text: string): Blanked {
  const strings = new Map<number, string>()
  // One entry per open `${`: how many braces are open inside it.
  const templates: number[] = []
  let code = ''

  const keep = (length: number): void => {
    code += text.slice(code.length, code.length + length)
  }
  const erase = (length: number): void => {
    code += text.slice(code.length, code.length + length).replaceAll(/[^\n]/g, ' ')
  }
  const lengthOf = (lexeme: RegExp): number => {
    lexeme.lastIndex = code.length
    return lexeme.exec(text)?.[0].length ?? 0
  }
  const readTemplate = (): void => {
    erase(lengthOf(lexemes.templateText))
    const opens = text.startsWith('${', code.length)
    if (opens) templates.push(0)
    erase(opens ? 2 : 1)
  }
  const readBrace = (step: number): void => {
    const innermost = templates.length - 1
    if (step < 0 && templates[innermost] === 0) {
      templates.pop()
      readTemplate()
      return
    }
    if (innermost >= 0) templates[innermost] += step
    keep(1)
  }
  const readQuoted = (): void => {
    const length = lengthOf(lexemes.quoted)
    strings.set(code.length, text.slice(code.length + 1, code.length + length - 1))
    keep(1)
    erase(Math.max(0, length - 2))
    keep(length > 0 ? 1 : 0)
  }
  const readSlash = (): void => {
    const erased = lengthOf(lexemes.comment) || (mayStartRegex(code) && lengthOf(lexemes.regex))
    if (erased) erase(erased)
    else keep(1)
  }

  while (code.length < text.length) {
    const character = text[code.length]
    if (character === '/') readSlash()
    else if (character === "'" || character === '"') readQuoted()
    else if (character === '`') {
      keep(1)
      readTemplate()
    } else if (character === '{' || character === '}') readBrace(character === '{' ? 1 : -1)
    else keep(lengthOf(lexemes.plain))
  }
  return { code, strings }
}

/** A slash after a value divides; after an operator or a keyword it opens a regular expression. */
function mayStartRegex(code: string): boolean {
  const before = code.slice(-60).trimEnd()
  return before === '' || /(?:[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|case|typeof|yield))$/.test(before)
}
