import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { OLDEST_NODE, unsuitedNode } from '../../src/cli/node-version.ts'

describe('the version of Node', () => {
  it('is refused in words when it is too old', () => {
    for (const version of ['22.17.9', '22.2.0', '20.20.2', '18.0.0']) {
      assert.match(unsuitedNode(version) ?? '', /^expected Node 22\.18\.0 or newer, got \d+\./)
    }
  })

  it('is fine from the oldest on', () => {
    for (const version of ['22.18.0', '22.18.1', '22.20.0', '24.0.0', process.versions.node]) {
      assert.equal(unsuitedNode(version), undefined)
    }
  })

  it('is the one that package.json names', () => {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    const { engines } = JSON.parse(text) as { engines: { node: string } }
    assert.equal(`>=${OLDEST_NODE.replace(/\.0$/, '')}`, engines.node)
  })
})
