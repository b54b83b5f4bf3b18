/**
 * Preloaded with `--import` into a test and every process and thread it starts: the file of the mutant is read with
 * the mutant in it, and nothing on disk changes.
 */
import { registerHooks } from 'node:module'
import { applyChange, type Mutant } from './change.ts'

const described = process.env['PIXELDRIFT_MUTANT']
if (described !== undefined) {
  const mutant = JSON.parse(described) as Mutant
  const { href } = new URL(mutant.path, new URL('../../', import.meta.url))
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context)
      if (url !== href) return loaded
      const text = new TextDecoder().decode(loaded.source as Uint8Array)
      return { ...loaded, source: applyChange(text, mutant) }
    },
  })
}
