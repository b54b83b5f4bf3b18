import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { withEvidence } from '../../evaluation/evidence/evidence-table.ts'
import { takeFingerprint } from '../../evaluation/fingerprint/fingerprint.ts'
import { provenanceOf } from '../../evaluation/harness/provenance.ts'
import { readResults, type StoredResult } from '../../evaluation/harness/result-store.ts'
import { fingerprint } from './fingerprint/made-fingerprint.ts'

const stored = (command: string, figures: object, commit = 'abc'): StoredResult => ({
  command,
  date: '2026-11-26T00:00:00.000Z',
  machine: { cpu: 'x', cores: 2, memoryGiB: 8, system: 'Linux', node: '24.0.0', versions: {} },
  options: {},
  loadAtStart: 0,
  figures,
  provenance: provenanceOf(
    [{ date: '2026-11-26T00:00:00.000Z', seconds: 1, commit }],
    fingerprint(),
  ),
})

const training = { ratioToBestPyTorch: 2.21, ratioToKeras: 1.34 }
const page = 'before\n\n<!-- evidence -->\n\nold\n\n<!-- /evidence -->\n\nafter\n'
const table = (topics: Readonly<Record<string, StoredResult>>): string =>
  withEvidence(page, { studies: new Map(), topics: new Map(Object.entries(topics)) }, fingerprint())

describe('withEvidence', () => {
  it('replaces the table between the comments, and nothing else', () => {
    const text = table({ training: stored('npm run bench training -- --rounds 3', training) })
    assert.match(text, /^before\n\n<!-- evidence -->\n\n\| claim/)
    assert.match(text, /<!-- \/evidence -->\n\nafter\n$/)
    assert.match(text, /\| 2\.2×, 1\.3× +\| `npm run bench training` \|/)
    assert.ok(!text.includes('old'))
  })

  it('is the same when it is made again', () => {
    const topics = { training: stored('npm run bench training', training) }
    const once = table(topics)
    assert.equal(
      withEvidence(
        once,
        { studies: new Map(), topics: new Map(Object.entries(topics)) },
        fingerprint(),
      ),
      once,
    )
  })

  it('marks figures of changed code and of another product', () => {
    const dirty = table({ training: stored('npm run bench training', training, 'abc+') })
    assert.match(dirty, /1\.3× ⚠/)
    const { provenance, ...unknown } = stored('npm run bench training', training)
    assert.ok(provenance)
    assert.match(table({ training: unknown }), /1\.3× ⚠/)
    assert.doesNotMatch(table({ training: stored('npm run bench training', training) }), /⚠/)
  })

  it('compares batches of the same size', () => {
    const testMilliseconds = {
      n100: { prepared: { median: 0.74 }, exact: { median: 41.2 } },
      n1000: { prepared: { median: 3.1 }, exact: { median: 313 } },
    }
    const figures = { featuresOnTop: { '1x28x28': 0.3 }, testMilliseconds }
    const text = table({ features: stored('npm run bench features', figures) })
    assert.match(text, /0\.74 ms, 41 ms and 3\.1 ms, 313 ms/)
  })

  it('refuses a page without a place for it', () => {
    const results = {
      studies: new Map<string, StoredResult>(),
      topics: new Map<string, StoredResult>(),
    }
    assert.throws(() => withEvidence('nothing', results, fingerprint()), RangeError)
  })
})

describe('README.md', () => {
  it('shows what the stored results say', async () => {
    const root = new URL('../../', import.meta.url)
    const read = (folder: string) => readResults(fileURLToPath(new URL(folder, root)))
    const results = {
      studies: await read('evaluation/results/'),
      topics: await read('bench/results/'),
    }
    const text = await readFile(new URL('README.md', root), 'utf8')
    assert.equal(
      withEvidence(text, results, await takeFingerprint()),
      text,
      'run npm run docs:evidence',
    )
  })
})
