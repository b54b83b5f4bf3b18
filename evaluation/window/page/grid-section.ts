import { wilsonInterval } from '../../../src/statistics/index.ts'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { describeOrigin } from '../../harness/describe-origin.ts'
import type { StoredResult } from '../../harness/result-store.ts'
import { type Protocol, PROTOCOLS } from '../draws.ts'
import { type GridName, GRIDS } from '../grids.ts'
import { METHODS } from '../methods/registry.ts'
import { LEVEL } from '../level.ts'
import type { MethodFigures, WindowFigures } from '../summary.ts'
import {
  folded,
  share,
  sizeOf,
  sizesOf,
  sizeTable,
  smallNumber,
  table,
} from '../../harness/markdown.ts'
import { drawPowerChart, type PowerLine, type PowerPanel } from './power-chart.ts'
import {
  bestPublishedMean,
  publishedMeans,
  publishedMissingDigits,
  publishedShifts,
} from './published.ts'

/** Text and pictures of one grid. */
export type Section = { readonly text: string; readonly charts: ReadonlyMap<string, string> }

type GridText = { readonly title: string; readonly introduction: string }

const TEXTS: Readonly<Record<GridName, GridText>> = {
  fl: {
    title: 'The grid of "Failing Loudly" on MNIST',
    introduction:
      'Ten shifts, each with 10%, 50% or all of the images affected (Rabanser et al. 2019). In the published form changed pixels stay whatever numbers come out; `_uint8` rows round them to grey levels as a camera would deliver them, so that unusual digits after the point give nothing away. Means count each of the 30 rows the same.',
  },
  'mnist-c': {
    title: 'Corruptions of MNIST-C',
    introduction:
      'The corruptions at their published parameters (Mu and Gilmer 2019) and others of their kind, pixels rounded to grey levels.',
  },
  'loss-lowering': {
    title: 'Shifts that lower the reconstruction loss',
    introduction:
      'Images that a trained autoencoder reconstructs better than clean ones: an alarm on a rising loss is blind to them.',
  },
  'mmdagg-q': {
    title: 'Missing digits',
    introduction:
      'Images averaged down to 7×7, windows of 500 without some of the digits (Schrab et al. 2023, experiment 2): Q1 keeps the odd digits, Q2 adds 0, Q3 also 2, Q4 also 4, Q5 lacks only the 8. Where pixeldrift uses its classifier, it uses labels that the published tests do not have.',
  },
  natural: {
    title: 'Letters among digits',
    introduction: 'A share of the window is replaced by letters (notMNIST).',
  },
}

const PROTOCOL_TEXTS: Readonly<Record<Protocol, string>> = {
  'same-size': 'Reference as large as the window',
  'fixed-reference': 'Reference of 10,000 images',
}

const COLOURS = [
  '#0969da',
  '#54aeff',
  '#9a6700',
  '#1a7f37',
  '#bf3989',
  '#8250df',
  '#cf222e',
  '#57606a',
  '#fb8f44',
  '#d4a72c',
  '#1b7c83',
]
const PUBLISHED_COLOUR = '#000000'
const OURS = 'ours'

/** The section of one stored result of the window study. */
export function gridSection(grid: GridName, result: StoredResult, present: Fingerprint): Section {
  const { titles, protocols } = result.figures as WindowFigures
  const { title, introduction } = TEXTS[grid]
  const charts = new Map<string, string>()
  const texts = [`## ${title}`, introduction, describeOrigin(result, present)]
  for (const protocol of PROTOCOLS) {
    const methods = protocols[protocol]
    if (methods === undefined) continue
    const told = { grid, methods, titles, protocol }
    texts.push(`### ${PROTOCOL_TEXTS[protocol]}`, ...averageTables(told))
    const panels = panelsOf(told)
    if (panels.length > 0) {
      const file = `window-${grid}-${protocol}.svg`
      charts.set(file, drawPowerChart(panels, `${title}: ${PROTOCOL_TEXTS[protocol]}`))
      texts.push(`![Power against the size of the window](evaluation/${file})`)
    }
    texts.push(...comparison(told), ...falseAlarmTable(told), ...rowTable(told))
  }
  return { text: texts.join('\n\n'), charts }
}

/** Figures of one grid under one protocol. */
type Told = {
  readonly grid: GridName
  readonly protocol: Protocol
  readonly methods: Readonly<Record<string, MethodFigures>>
  readonly titles: Readonly<Record<string, string>>
}

function averageTables({ grid, methods, titles, protocol }: Told): string[] {
  const all = Object.entries(methods)
  const names = [...new Set(all.flatMap(([, { averages }]) => Object.keys(averages)))]
  return names.flatMap((name) => {
    const shown = all.filter(([, { averages }]) => averages[name] !== undefined)
    const sizes = sizesOf(shown.map(([, { averages }]) => averages[name]))
    const rows = shown.map(([method, { averages, falseAlarms }]) => ({
      label: titles[method],
      cell: (key: string) => meanCell(averages[name][key]) + warning(falseAlarms[key]),
    }))
    const heading = `**${averageTitle(grid, name)}**, mean power at level .05 (± standard error):`
    if (grid !== 'fl' || name !== 'published' || protocol !== 'same-size') {
      return [heading, sizeTable('', sizes, rows)]
    }
    const published = publishedMeans.map(({ name: method, power, standardError }) => ({
      label: `*${method}*`,
      cell: (key: string) => publishedCell(power.get(sizeOf(key)), standardError?.get(sizeOf(key))),
    }))
    const best = {
      label: '*best published*',
      cell: (key: string) => share(bestPublishedMean.get(sizeOf(key))),
    }
    return [heading, sizeTable('', sizes, [...rows, ...published, best]), PUBLISHED_NOTE]
  })
}

const PUBLISHED_NOTE = `Published: ${publishedMeans[0].source}; ± is the standard error over those 5 runs. A published run draws one reference and uses it in all 30 rows, so one lucky draw raises a whole column: the first run has .50, .70 and .87 at n = 10, 20 and 50, the other four on average .27, .36 and .52. Here every window has a reference of its own, so our mean is of many references; run as they did, ours is compared with theirs in [the study of that name](benchmarks.md#mmdagg-under-the-published-protocol).`

function publishedCell(power: number | undefined, standardError: number | undefined): string {
  if (power === undefined) return '–'
  const told = power.toFixed(3).replace(/^0/, '')
  return standardError === undefined
    ? told
    : `${told} ± ${standardError.toFixed(3).replace(/^0/, '')}`
}

function averageTitle(grid: GridName, name: string): string {
  if (grid === 'fl')
    return name === 'published' ? 'Rows as published' : 'Pixels rounded to grey levels'
  const delta = Number(name.split(' ')[1])
  return delta === 1 ? 'All images affected' : `${Math.round(100 * delta)}% of the images affected`
}

function meanCell(average: MethodFigures['averages'][string][string] | undefined): string {
  if (average === undefined) return '–'
  return `${average.power.toFixed(3).replace(/^0/, '')} ± ${average.standardError.toFixed(3).replace(/^0/, '')}`
}

/** A mark on power that is bought with more false alarms than the level says. */
function warning(alarms: MethodFigures['falseAlarms'][string] | undefined): string {
  return alarms !== undefined && alarms.interval[0] > LEVEL ? ' †' : ''
}

/** In how many windows exactly one of ours and another method rejects. */
function comparison({ methods, titles }: Told): string[] {
  const compared = Object.entries(methods).flatMap(([method, { againstOurs }]) =>
    againstOurs === undefined ? [] : [{ label: titles[method], againstOurs }],
  )
  if (compared.length === 0) return []
  const rows = compared.map(({ label, againstOurs }) => ({
    label,
    cell: (key: string) => {
      const found = againstOurs[key]
      if (found === undefined) return '–'
      return `${found.oursOnly} / ${found.methodOnly} (${smallNumber(found.pValue)})`
    },
  }))
  return [
    "**On the same windows**: rejected by pixeldrift alone / by the other alone (McNemar's exact p):",
    sizeTable('', sizesOf(compared.map(({ againstOurs }) => againstOurs)), rows),
  ]
}

function falseAlarmTable({ methods, titles }: Told): string[] {
  const all = Object.entries(methods)
  const rows = all.map(([method, { falseAlarms }]) => ({
    label: titles[method],
    cell: (key: string) => {
      const found = falseAlarms[key]
      if (found === undefined) return '–'
      return `${share(found.rate)} / ${share(found.strictRate)} (${found.draws})`
    },
  }))
  return [
    '**False alarms** on clean windows, at a nominal .05 / .01 (windows):',
    sizeTable('', sizesOf(all.map(([, { falseAlarms }]) => falseAlarms)), rows),
  ]
}

function rowTable({ methods }: Told): string[] {
  const ours = methods[OURS]
  if (ours === undefined) return []
  const { power, averages } = ours
  const drawsAt = (key: string): number => {
    const found = Object.values(averages).find((bySize) => bySize[key] !== undefined)?.[key]
    return found === undefined ? 0 : Math.round(found.draws / found.rows)
  }
  const rows = Object.entries(power).map(([label, bySize]) => ({
    label,
    cell: (key: string) => intervalCell(bySize[key], drawsAt(key)),
  }))
  const title = 'Every row of pixeldrift, with 95% intervals'
  return [folded(title, sizeTable('shift, share', sizesOf(Object.values(power)), rows))]
}

function intervalCell(power: number | undefined, draws: number): string {
  if (power === undefined) return '–'
  const { low, high } = wilsonInterval(Math.round(power * draws), draws)
  return `${share(power)} [${share(low)}, ${share(high)}]`
}

/** One panel per shift: power averaged over the shares. */
function panelsOf({ grid, methods, titles, protocol }: Told): PowerPanel[] {
  const { shifts, sizes } = GRIDS[grid]
  if (sizes.length < 2) return []
  return shifts.map(({ name }) => {
    const lines = Object.entries(methods).map(([method, { power }]): PowerLine => {
      const index = METHODS.findIndex((one) => one.name === method)
      const points = shiftPoints(power, name)
      return { name: titles[method], colour: COLOURS[index], isPublished: false, points }
    })
    const published =
      grid === 'fl' && protocol === 'same-size' ? publishedShifts.get(name) : undefined
    const added =
      published === undefined
        ? []
        : [
            {
              name: published.name,
              colour: PUBLISHED_COLOUR,
              isPublished: true,
              points: [...published.power],
            },
          ]
    return { title: name, lines: [...lines.filter(({ points }) => points.length > 0), ...added] }
  })
}

function shiftPoints(power: MethodFigures['power'], shift: string): [number, number][] {
  const rows = Object.entries(power).filter(([row]) => row.slice(0, row.lastIndexOf(' ')) === shift)
  return sizesOf(rows.map(([, bySize]) => bySize)).map((key) => {
    const values = rows.map(([, bySize]) => bySize[key] ?? 0)
    return [sizeOf(key), values.reduce((sum, value) => sum + value, 0) / values.length]
  })
}

/** Published figures for the grid of missing digits, as a table of their own. */
export function missingDigitsTable({ figures }: StoredResult): string {
  const { protocols, titles } = figures as WindowFigures
  const methods = protocols['same-size'] ?? {}
  const names = Object.keys(publishedMissingDigits)
  const rows = Object.entries(methods).map(([method, { power }]) =>
    [titles[method]].concat(names.map((name) => share(power[`${name} 1`]?.['n500']))),
  )
  const published = ['*best published MMDAgg*'].concat(
    names.map((name) => share(publishedMissingDigits[name])),
  )
  return table(['n = 500', ...names], [...rows, published])
}
