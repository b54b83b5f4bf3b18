import { globSync, statSync } from 'node:fs'
import { matchesGlob } from 'node:path'

/** What to change and what to run: source files, and the test files of their rooms. */
export type Choice = { readonly name: string; readonly sources: string[]; readonly tests: string[] }

/** Resolves rooms (`statistics`, `engine/training`), folders and files below `src/`. */
export function chooseFiles(
  targets: readonly string[],
  { files, tests }: { readonly files?: string | undefined; readonly tests?: string | undefined },
): Choice {
  const paths = targets.map((target) => target.replace(/^(?:src\/)?/, 'src/').replace(/\/$/, ''))
  const sources = paths
    .flatMap((path) => {
      const kind = statSync(path, { throwIfNoEntry: false })
      if (kind === undefined) throw new RangeError(`expected a room, folder or file, got ${path}`)
      return kind.isDirectory() ? globSync(`${path}/**/*.ts`) : [path]
    })
    .filter((path) => !path.endsWith('.d.ts') && (files === undefined || matchesGlob(path, files)))
  const rooms = new Set(paths.map((path) => path.split('/')[1].replace(/\.ts$/, '')))
  const globs =
    tests === undefined ? [...rooms].map((room) => `test/${room}/**/*.test.ts`) : [tests]
  return {
    name: paths
      .map((path) => path.slice('src/'.length).replace(/\.ts$/, '').replaceAll('/', '-'))
      .join('+'),
    sources: [...new Set(sources)].toSorted(),
    tests: globSync(globs).toSorted(),
  }
}
