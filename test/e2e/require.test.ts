import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'

const require = createRequire(import.meta.url)
const { exports } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { exports: Record<string, string | { readonly default: string }> }

/** The sources that the published subpaths are built from. */
const entries = Object.entries(exports).flatMap(([subpath, target]) =>
  typeof target === 'string'
    ? []
    : [[subpath, target.default.replace('./dist/', '../../src/').replace(/\.js$/, '.ts')] as const],
)

describe('require', () => {
  // A module that awaits at its top could be imported only, and with it whatever imports it.
  for (const [subpath, source] of entries) {
    it(`loads pixeldrift${subpath.slice(1)} from a program of the older kind`, async () => {
      const required = require(source) as Record<string, unknown>
      const imported = (await import(source)) as Record<string, unknown>
      assert.deepEqual(Object.keys(required).toSorted(), Object.keys(imported).toSorted())
      assert.ok(Object.keys(required).length > 0)
    })
  }
})
