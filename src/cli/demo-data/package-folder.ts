import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { DriftError } from '../../errors.ts'

const require = createRequire(import.meta.url)

/** Folder of an installed package; without it, a `DriftError` that names the packages to install. */
export function packageFolder(name: string, together: readonly string[]): string {
  try {
    return dirname(require.resolve(`${name}/package.json`))
  } catch (cause) {
    throw missingPackage(name, together, cause)
  }
}

/** The error for demo data that isn't there; `together` is all that the same data needs. */
export function missingPackage(
  name: string,
  together: readonly string[],
  cause: unknown,
): DriftError {
  return new DriftError(
    'source.unreadable',
    `expected the demo's data in the package ${name}, found no such package`,
    { hint: `Install it beside pixeldrift: npm install ${together.join(' ')}`, cause },
  )
}
