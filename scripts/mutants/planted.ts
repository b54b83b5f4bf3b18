import { readFileSync } from 'node:fs'
import { lineAt, type Mutant } from './change.ts'

/** A fault written by hand, one that a person could make and no operator does. */
type Planted = {
  readonly name: string
  readonly path: string
  /** Text that stands once in the file, and what stands there instead. */
  readonly from: string
  readonly to: string
}

/** Reads a list of planted faults; throws where one no longer fits its file. */
export function readPlanted(listPath: string): Mutant[] {
  const list = JSON.parse(readFileSync(listPath, 'utf8')) as Planted[]
  return list.map(({ name, path, from, to }) => {
    const text = readFileSync(path, 'utf8')
    const start = text.indexOf(from)
    if (start < 0 || text.indexOf(from, start + 1) >= 0) {
      throw new Error(`${listPath}: expected the text of "${name}" once in ${path}`)
    }
    const end = start + from.length
    return { id: name, path, line: lineAt(text, start), start, end, original: from, text: to }
  })
}
