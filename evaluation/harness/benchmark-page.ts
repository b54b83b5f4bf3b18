import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { describeOrigin } from './describe-origin.ts'
import type { FigureTable } from './figure-table.ts'
import { figureTables, showTable } from './figure-tables.ts'
import type { StoredResult } from './result-store.ts'

/** A stored result with what its subject says of it. */
export type DescribedResult = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly result: StoredResult
  /** The subject's own layout of the figures, where it has one. */
  readonly tables?: ((figures: object) => readonly FigureTable[]) | undefined
}

const HEAD = `# Benchmarks

Made from the stored results by \`npm run docs:benchmarks\`; each section names the command that made its figures, the day, the commit and how much measuring stands behind them. ⚠ marks figures that do not stand for the product as it is now. An interval is a 95% interval unless it says otherwise; where batches share a reference it is taken over references.`

/** The page of all figures as Markdown: one section per result; `present` is what the product computes now. */
export function benchmarkPage(
  studies: readonly DescribedResult[],
  topics: readonly DescribedResult[],
  present: Fingerprint,
): string {
  const parts = [
    HEAD,
    contents([...studies, ...topics]),
    '## Studies',
    ...sections(studies, 'evaluation/results', present),
    '## Speed and memory',
    ...sections(topics, 'bench/results', present),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function contents(results: readonly DescribedResult[]): string {
  return results.map(({ title }) => `- [${title}](#${anchor(title)})`).join('\n')
}

/** As GitHub makes it of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replaceAll(' ', '-')
}

function sections(
  results: readonly DescribedResult[],
  folder: string,
  present: Fingerprint,
): string[] {
  if (results.length === 0) return ['No results are stored yet.']
  return results.map(({ name, title, description, result, tables }) =>
    [
      `### ${title}`,
      description,
      describeOrigin(result, present),
      `${describeMachine(result)} ([${name}.json](../${folder}/${name}.json))`,
      ...(tables ?? figureTables)(result.figures).map(showTable),
    ].join('\n\n'),
  )
}

function describeMachine({ machine }: StoredResult): string {
  return `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}`
}
