import { posix } from 'node:path'
import {
  ambientDefaults,
  ambientReadings,
  browserRooms,
  forbiddenNames,
  maximumLines,
  mayImport,
  otherTools,
  owners,
  typesInCircles,
} from './rules.ts'
import { findCycles, manifest, packageName, resolveImport, type SourceFile } from './source-scan.ts'

/** Finds what breaks one rule; one line per breach: where, what, and the rule. */
export type Check = (sources: readonly SourceFile[]) => string[]

/** Rooms import only the rooms of their `mayImport` row. */
export const checkDirection: Check = (sources) =>
  internalImports(sources).flatMap(({ from, to, isType }) => {
    const room = roomOf(from)
    const target = roomOf(to)
    if (room === undefined || room === target || target === 'errors') return []
    const row = mayImport[room]
    if (row === undefined) return [`${from}: room ${room} has no row in mayImport`]
    if (target === undefined) return [`${from} imports ${to}, outside src`]
    if (row.mayImport.includes(target)) return []
    if (isType && row.mayImportTypes?.includes(target)) return []
    return [`${from} imports ${to}: ${room} may import ${row.mayImport.join(', ') || 'nothing'}`]
  })

/** Whoever is outside a room enters through its `index.ts`; tests may look inside. */
export const checkDoors: Check = (sources) =>
  internalImports(sources).flatMap(({ from, to }) => {
    const target = roomOf(to)
    if (target === undefined || target === roomOf(from) || from.startsWith('test/')) return []
    const doors = [`src/${target}.ts`, `src/${target}/index.ts`]
    return doors.includes(to) ? [] : [`${from} imports ${to}, not through src/${target}/index.ts`]
  })

/**
 * A package is imported by its owner alone. Tests may import any; outside src, Node modules and
 * development packages without a row are free.
 */
export const checkOwners: Check = (sources) =>
  sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier }) => {
      const name = packageName(specifier)
      const owner = owners[name]
      const isNode = name.startsWith('node:')
      if (name.startsWith('.') || path.startsWith('test/')) return []
      if (roomOf(path) === undefined && (isNode || owner === undefined)) return []
      if (isNode && owner === undefined) return []
      if (owner === undefined) return [`${path} imports ${name}, which has no row in owners`]
      if (otherTools[path]?.includes(name)) return []
      const places = [owner].flat()
      return places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place))
        ? []
        : [`${path} imports ${name}, which belongs to ${places.join(' and ')}`]
    }),
  )

/** Rooms for browsers load no Node module, in whatever room of theirs it stands. */
export const checkBrowserRooms: Check = (sources) => {
  const files = new Map(sources.map((source) => [source.path, source]))
  const loadedFrom = (path: string, seen: Set<string>): Set<string> => {
    const source = files.get(path)
    if (source === undefined || seen.has(path)) return seen
    seen.add(path)
    for (const { specifier, kind } of source.imports) {
      const next = kind === 'type' ? undefined : resolveImport(path, specifier)
      if (next !== undefined) loadedFrom(next, seen)
    }
    return seen
  }
  const inRooms = sources.filter(({ path }) => browserRooms.includes(roomOf(path) ?? ''))
  const loaded = inRooms.reduce((seen, { path }) => loadedFrom(path, seen), new Set<string>())
  return [...loaded].flatMap((path) =>
    (files.get(path)?.imports ?? [])
      .filter(({ specifier }) => packageName(specifier).startsWith('node:'))
      .map(({ specifier }) => `${path} imports ${specifier}, which no browser has`),
  )
}

/** What src loads at its start is a dependency of the published package, not a development one. */
export const checkPublished: Check = (sources) =>
  inSource(sources).flatMap(({ path, imports }) =>
    imports
      .filter(({ kind }) => kind === 'static')
      .map(({ specifier }) => packageName(specifier))
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
      .filter((name) => !(name in manifest.dependencies))
      .map((name) => `${path} imports ${name}, which is not in dependencies`),
  )

/** No cycle between files, types included; the tables of ops and nodes alone may name each other's types. */
export const checkCycles: Check = (sources) => {
  const graph = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports
        .filter(({ kind }) => kind !== 'type' || !path.startsWith(typesInCircles))
        .flatMap(({ specifier }) => resolveImport(path, specifier) ?? []),
    ]),
  )
  return findCycles(graph).map((cycle) => cycle.join(' → '))
}

/** No file is longer than `maximumLines`. */
export const checkSize: Check = (sources) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    return lines > maximumLines ? [`${path} has ${lines} lines, at most ${maximumLines}`] : []
  })

/**
 * Every exported name of src has a doc comment above it. Exports without a blank line between them
 * share the one at their top; an object type may document its fields instead, `…Options` always does.
 */
export const checkDocumentation: Check = (sources) =>
  inSource(sources).flatMap(({ path, text, code }) =>
    [...code.matchAll(exportedDeclaration)].flatMap((match) => {
      const name = match.groups?.['name'] ?? ''
      const paragraph =
        text
          .slice(0, match.index)
          .split(/\n\s*\n/)
          .at(-1) ?? ''
      const [declaration = ''] = text.slice(match.index).split(/^\}|\n\s*\n/m, 1)
      const hasFields = /^export (?:type|interface) /.test(declaration)
      const isDocumented = paragraph.includes('*/') || (hasFields && declaration.includes('/**'))
      if (isDocumented || name.endsWith('Options')) return []
      const line = text.slice(0, match.index).split('\n').length
      return [`${path}:${line} exports ${name} without a /** … */ line`]
    }),
  )

/** Named exports only, and doors list their names by hand. */
export const checkExports: Check = (sources) =>
  sources.flatMap(({ path, code }) => [
    ...(/^export default\b/m.test(code) ? [`${path} has a default export`] : []),
    ...(/^export \*/m.test(code) ? [`${path} exports *, not a list of names`] : []),
    ...(/^export (?:type )?\{[^}]*\}(?!\s*from)/m.test(code)
      ? [`${path} exports a list; write export before each declaration`]
      : []),
  ])

/** Files and folders are kebab-case and say what is inside. */
export const checkNames: Check = (sources) =>
  sources.flatMap(({ path }) =>
    path
      .replace(/(?:\.test|\.d)?\.ts$/, '')
      .split('/')
      .flatMap((part) => {
        if (forbiddenNames.includes(part)) return [`${path}: ${part} says nothing of its contents`]
        return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part) ? [] : [`${path}: ${part} is not kebab-case`]
      }),
  )

/** Below the edges, randomness, clock and environment are arguments. */
export const checkAmbientReadings: Check = (sources) =>
  inSource(sources)
    .filter(({ path }) => !['cli', 'monitor'].includes(roomOf(path) ?? ''))
    .flatMap(({ path, code }) =>
      ambientReadings
        .filter((reading) => code.includes(reading) && ambientDefaults[path] !== reading)
        .map((reading) => `${path} reads ${reading.replace(/\($/, '')}: make it an argument`),
    )

const exportedDeclaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|type|interface|enum) (?<name>[\w$]+)/gm

type InternalImport = { readonly from: string; readonly to: string; readonly isType: boolean }

function internalImports(sources: readonly SourceFile[]): InternalImport[] {
  return sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, kind }) => {
      const to = resolveImport(path, specifier)
      return to === undefined ? [] : [{ from: path, to, isType: kind === 'type' }]
    }),
  )
}

function inSource(sources: readonly SourceFile[]): SourceFile[] {
  return sources.filter(({ path }) => path.startsWith('src/'))
}

/** First folder or file name below src, or a room inside that one; undefined outside it. */
function roomOf(path: string): string | undefined {
  const [top, name, inner] = path.split('/')
  if (top === 'src' && `${name}/${inner}` in mayImport) return `${name}/${inner}`
  return top === 'src' && name !== undefined ? posix.basename(name, '.ts') : undefined
}
