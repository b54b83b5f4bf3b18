import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { benchmarkPage } from '../../evaluation/harness/benchmark-page.ts'
import { takeFingerprint } from '../../evaluation/fingerprint/fingerprint.ts'
import type { StoredResult } from '../../evaluation/harness/result-store.ts'
import { renderBenchmarks } from '../../evaluation/harness/stored-figures.ts'
import { fingerprint } from './fingerprint/made-fingerprint.ts'

const result = (figures: object): StoredResult => ({
  command: 'npm run bench training',
  date: '2026-11-23T20:00:00.000Z',
  machine: {
    cpu: 'Test CPU',
    cores: 2,
    memoryGiB: 24,
    system: 'Linux',
    node: '24.0.0',
    versions: {},
  },
  options: {},
  loadAtStart: 0,
  figures,
})

const page = (figures: object): string =>
  benchmarkPage(
    [],
    [{ name: 'training', description: 'Pace.', result: result(figures) }],
    fingerprint(),
  )

describe('benchmarkPage', () => {
  it('names the command, the day, the machine and the stored file', () => {
    const text = page({ ratio: 1 })
    assert.match(
      text,
      /### training\n\nPace\.\n\n`npm run bench training`, stored 2026-11-23\.[^#]+\n\n2 cores of Test CPU/,
    )
    assert.match(text, /\(\[training\.json\]\(\.\.\/bench\/results\/training\.json\)\)/)
  })

  it('says where nothing is stored yet', () => {
    assert.match(page({}), /## Studies\n\nNo results are stored yet\./)
  })

  it('puts single values and intervals in one table, with four digits', () => {
    const text = page({ ratio: 1.23456, rate: 4321.7, interval: [0.00812, 0.0121], note: 'a|b' })
    const rows = [
      '| ratio | 1.235 |',
      '| rate | 4,322 |',
      '| interval | 0.00812 … 0.0121 |',
      '| note | a\\|b |',
    ]
    assert.ok(text.includes(`| figure | value |\n| --- | --- |\n${rows.join('\n')}\n`))
  })

  it('makes a table of records of the same kind, leaving a dash where one lacks a key', () => {
    const text = page({ pace: { ours: { median: 2, peer: 'x' }, theirs: { median: 1 } } })
    assert.ok(
      text.includes(
        '| pace | median | peer |\n| --- | --- | --- |\n| ours | 2 | x |\n| theirs | 1 | – |',
      ),
    )
  })

  it('numbers the rows of lists and leaves long ones to the stored file', () => {
    const text = page({
      runs: [{ seed: 7 }],
      trace: Array.from({ length: 41 }, (_, seed) => ({ seed })),
    })
    assert.ok(text.includes('| runs | seed |\n| --- | --- |\n| 1 | 7 |'))
    assert.ok(!text.includes('trace'))
  })

  it('goes on into deeper parts', () => {
    const text = page({ spreads: { grey: { all: { median: 3 } }, count: 2 } })
    assert.ok(text.includes('| spreads, grey | median |\n| --- | --- |\n| all | 3 |'))
    assert.ok(text.includes('| spreads, count | 2 |'))
  })
})

describe('docs/benchmarks.md', () => {
  it('is what the stored results say', async (context) => {
    const path = new URL('../../docs/benchmarks.md', import.meta.url)
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text === undefined) return context.skip('the page has not been made yet')
    assert.equal(
      text,
      await renderBenchmarks(await takeFingerprint()),
      'run npm run docs:benchmarks',
    )
  })
})
