import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { benchmarkPage, type DescribedResult } from '../../evaluation/harness/benchmark-page.ts'
import { takeFingerprint } from '../../evaluation/fingerprint/fingerprint.ts'
import type { FigureTable } from '../../evaluation/harness/figure-table.ts'
import { figureTables } from '../../evaluation/harness/figure-tables.ts'
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

const page = (figures: object, more: Partial<DescribedResult> = {}): string =>
  benchmarkPage(
    [],
    [
      {
        name: 'training',
        title: 'Pace (of training)',
        description: 'Pace.',
        result: result(figures),
        ...more,
      },
    ],
    fingerprint(),
  )

describe('benchmarkPage', () => {
  it('names the command, the day, the machine and the stored file', () => {
    const text = page({ ratio: 1 })
    assert.match(
      text,
      /### Pace \(of training\)\n\nPace\.\n\n`npm run bench training`, stored 2026-11-23\.[^#]+\n\n2 cores of Test CPU/,
    )
    assert.match(text, /\(\[training\.json\]\(\.\.\/bench\/results\/training\.json\)\)/)
  })

  it('begins with a list of its sections that leads to their headings', () => {
    assert.match(page({}), /- \[Pace \(of training\)\]\(#pace-of-training\)/)
  })

  it('says where nothing is stored yet', () => {
    assert.match(page({}), /## Studies\n\nNo results are stored yet\./)
  })

  it('shows the tables of a subject that lays out its figures itself', () => {
    const tables = (figures: object): FigureTable[] => [
      { title: 'Own', note: 'A note.', head: ['a'], rows: [[`${Object.keys(figures)[0]}|x`]] },
    ]
    const text = page({ ratio: 1 }, { tables })
    assert.ok(text.endsWith('**Own**\n\nA note.\n\n| a |\n| --- |\n| ratio\\|x |\n'))
  })
})

describe('figureTables', () => {
  it('puts single values and intervals in one table, with four digits', () => {
    assert.deepEqual(
      figureTables({ ratio: 1.23456, rate: 4321.7, interval: [0.00812, 0.0121], note: 'a|b' }),
      [
        {
          title: '',
          head: ['figure', 'value'],
          rows: [
            ['ratio', '1.235'],
            ['rate', '4,322'],
            ['interval', '0.00812 … 0.0121'],
            ['note', 'a|b'],
          ],
        },
      ],
    )
  })

  it('makes a table of records of the same kind, a dash where one lacks a key, and tells many numbers by their extremes', () => {
    const exact = { n10: { rate: 0.01, perReference: [0, 0.02, 0.01] }, n1000: { rate: 0.012 } }
    assert.deepEqual(figureTables({ exact }), [
      {
        title: 'exact',
        head: ['', 'rate', 'per reference'],
        rows: [
          ['n = 10', '0.01', '0 … 0.02 (3)'],
          ['n = 1,000', '0.012', '–'],
        ],
      },
    ])
  })

  it('labels rows by all the keys that lead to them', () => {
    const figures = { spreads: { grey: { all: { median: 3 } }, colour: { all: { median: 4 } } } }
    assert.deepEqual(figureTables(figures), [
      {
        title: 'spreads',
        head: ['', '', 'median'],
        rows: [
          ['grey', 'all', '3'],
          ['colour', 'all', '4'],
        ],
      },
    ])
  })

  it('numbers the rows of lists and leaves long ones to the stored file', () => {
    const trace = Array.from({ length: 41 }, (_, seed) => ({ seed }))
    assert.deepEqual(figureTables({ runs: [{ seed: 7 }], trace }), [
      { title: 'runs', head: ['', 'seed'], rows: [['1', '7']] },
    ])
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
