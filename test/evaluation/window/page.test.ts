import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { takeFingerprint } from '../../../evaluation/fingerprint/fingerprint.ts'
import { readResults, type StoredResult } from '../../../evaluation/harness/result-store.ts'
import { evaluationPage } from '../../../evaluation/window/page/evaluation-page.ts'
import { drawPowerChart } from '../../../evaluation/window/page/power-chart.ts'
import { fingerprint } from '../fingerprint/made-fingerprint.ts'

const stored = (figures: object): StoredResult => ({
  command: 'npm run evaluate window -- --grid fl',
  date: '2026-11-24T00:00:00.000Z',
  machine: { cpu: 'cpu', cores: 2, memoryGiB: 8, node: '24.0.0', platform: 'linux' } as never,
  options: {},
  loadAtStart: 0,
  figures,
})

const method = {
  averages: {
    published: {
      n10: { power: 0.5, standardError: 0.01, rows: 30, draws: 600 },
      n20: { power: 0.75, standardError: 0.01, rows: 30, draws: 600 },
    },
  },
  power: { 's_gn 0.1': { n10: 0.25, n20: 0.5 }, 's_gn 1': { n10: 0.75, n20: 1 } },
  falseAlarms: {
    n10: {
      draws: 300,
      rate: 0.04,
      interval: [0.02, 0.07],
      strictRate: 0,
      strictInterval: [0, 0.01],
    },
  },
}
const againstOurs = { n10: { draws: 600, oursOnly: 40, methodOnly: 3, pValue: 1e-9 } }
const results = new Map([
  [
    'window-fl',
    stored({
      titles: { ours: 'pixeldrift', mmd: 'MMD' },
      protocols: { 'same-size': { ours: method, mmd: { ...method, againstOurs } } },
    }),
  ],
])

test('the page states means, paired comparisons and false alarms of every method', () => {
  const { page } = evaluationPage(results, fingerprint())
  assert.match(page, /^## The grid/m)
  assert.match(page, /\| pixeldrift \| \.500 ± \.010 \|/)
  assert.match(page, /\| MMD \| 40 \/ 3 \(<1e-6\) \|/)
  assert.match(page, /\| MMD \| \.04 \/ \.00 \(300\) \|/)
})

test('published figures are marked as published', () => {
  const { page, charts } = evaluationPage(results, fingerprint())
  assert.match(page, /\| \*MMDAgg\* Laplace, published\* \| \.320 ± \.049 \|/)
  assert.match(page, /\| \*best published\* \| \.32 \|/)
  assert.match(charts.get('window-fl-same-size.svg') ?? '', /stroke-dasharray/)
})

test('a row is shown with its interval', () => {
  assert.match(
    evaluationPage(results, fingerprint()).page,
    /\| s_gn 0\.1 \| \.25 \[\.\d\d, \.\d\d\]/,
  )
})

test('without results the page has no sections', () => {
  const { page, charts } = evaluationPage(new Map(), fingerprint())
  assert.doesNotMatch(page, /^## /m)
  assert.equal(charts.size, 0)
})

test('a chart places power upwards and larger windows to the right, on a logarithmic scale', () => {
  const points = [[10, 0] as const, [100, 0.5] as const, [1000, 1] as const]
  const line = { name: 'a < b', colour: '#000', isPublished: false, points }
  const chart = drawPowerChart([{ title: 'panel', lines: [line] }], 'a chart')
  const places = /polyline points="([^"]+)"/
    .exec(chart)?.[1]
    .split(' ')
    .map((pair) => pair.split(',').map(Number))
  assert.ok(places)
  const [[x0, y0], [x1, y1], [x2, y2]] = places
  assert.ok(Math.abs(x1 - x0 - (x2 - x1)) < 0.2 && x1 > x0)
  assert.ok(Math.abs(y0 - y1 - (y1 - y2)) < 0.2 && y1 < y0)
  assert.match(chart, /a &lt; b/)
})

test('docs/evaluation.md and its pictures are what the stored results give', async () => {
  const root = new URL('../../../', import.meta.url)
  const kept = await readResults(fileURLToPath(new URL('evaluation/results/', root)))
  const { page, charts } = evaluationPage(kept, await takeFingerprint())
  const text = await readFile(new URL('docs/evaluation.md', root), 'utf8')
  assert.equal(text, page, 'run npm run docs:evaluation')
  for (const [file, chart] of charts) {
    assert.equal(await readFile(new URL(`docs/evaluation/${file}`, root), 'utf8'), chart, file)
  }
})
