import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { runPixeldrift } from './run-pixeldrift.ts'

describe('help', { concurrency: 2 }, () => {
  for (const command of [
    [],
    ['fit'],
    ['check'],
    ['stream'],
    ['measure'],
    ['rebaseline'],
    ['inspect'],
    ['export'],
    ['serve'],
    ['send'],
    ['token'],
    ['token', 'create'],
    ['demo'],
  ]) {
    it(`of pixeldrift ${command.join(' ')} is as stored`, async (t) => {
      const { code, stdout, stderr } = await runPixeldrift([...command, '--help'])
      assert.equal(code, 0)
      assert.equal(stderr, '')
      t.assert.snapshot(stdout, { serializers: [String] })
    })
  }

  it('is shown, as an error, when no command is given', async () => {
    const { code, stdout, stderr } = await runPixeldrift([])
    assert.equal(code, 2)
    assert.equal(stdout, '')
    assert.match(stderr, /^Usage: pixeldrift \[options\] \[command\]/)
  })

  it('has the version beside it', async () => {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    const { version } = JSON.parse(text) as { version: string }
    const { code, stdout } = await runPixeldrift(['--version'])
    assert.equal(code, 0)
    assert.equal(stdout, `${version}\n`)
  })
})
