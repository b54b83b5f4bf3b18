/** Finds every command that the project prints for somebody to run. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that a clone of the repository is. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A command as printed, comments and line ends taken out, and where it stands. */
export type PrintedCommand = { readonly command: string; readonly where: string }

const PAGES = ['*.md', 'docs/*.md', 'bench/*.md']
const SOURCES = '{src,examples,evaluation,bench}/**/*.ts'

/** Of the pages: fenced shell blocks, and commands within a sentence or a table. */
export function commandsOfPages(): PrintedCommand[] {
  return read(PAGES).flatMap(({ where, text }) => {
    const blocks = captured(text, /^```(?:sh|bash|shell)\n(.*?)^```/gms)
    const prose = text.replaceAll(/^```.*?^```/gms, '')
    const inline = captured(prose, /`((?:npm|npx|node|pixeldrift|bench\/peers\/\S+) [^`\n…]+)`/g)
    return [...blocks.flatMap(commandsOfShell), ...inline].map((command) => ({ command, where }))
  })
}

/** Of the program: help texts, hints of errors, and what a command says to do next. */
export function commandsOfSources(): PrintedCommand[] {
  return read([SOURCES]).flatMap(({ where, text }) => {
    const source = text.replaceAll('\\`', '`').replaceAll('\\\\\n', '\\\n')
    const helps = captured(source, /^ +\$ ((?:[^\n\\]|\\\n)+)$/gm).map(joinLines)
    const others = captured(source, /(?:[`'] *|Next: |Run: )((?:npm|npx|node) [^`'\n]+)/g)
    return [...helps, ...others].map((command) => ({ command, where }))
  })
}

/** One command a line; `\` at the end of a line goes on, `#` after a space is a comment. */
function commandsOfShell(block: string): string[] {
  return joinLines(block)
    .split('\n')
    .map((line) => line.replace(/(?:^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '')
}

function joinLines(text: string): string {
  return text.replaceAll(/\\\n\s*/g, '')
}

function captured(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1])
}

function read(patterns: readonly string[]): { where: string; text: string }[] {
  return globSync(patterns, { cwd: root })
    .toSorted()
    .map((where) => ({ where, text: readFileSync(join(root, where), 'utf8') }))
}
