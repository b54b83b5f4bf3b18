/**
 * Mutation testing: plants one small fault at a time and runs the tests that run through it. A fault that no test
 * notices is a line no test holds. Nothing in the working tree is changed, but for the figures in `test/mutants/`.
 */
import { parseArgs } from 'node:util'
import { createRandom } from '../src/tensor/index.ts'
import type { Mutant } from './mutants/change.ts'
import { type Choice, chooseFiles } from './mutants/choose-files.ts'
import { importClosure, measureCoverage, type TestCoverage } from './mutants/coverage.ts'
import { describeChange, readExplanations } from './mutants/explained.ts'
import { figuresLine, readFigures, storeFigures, summarise } from './mutants/figures.ts'
import { findMutants } from './mutants/find-mutants.ts'
import { type Judged, judgeAll } from './mutants/judge-mutant.ts'
import { readPlanted } from './mutants/planted.ts'
import { parseFile } from './mutants/syntax.ts'

const usage = `npm run mutants -- <room, folder or file below src/…>

  --files <glob>     only the source files that match
  --tests <glob>     the test files to run; default those of the rooms
  --sample <n>       judge that many, drawn by --seed <n> (default 1), and give an interval
  --survivors        judge only those that survived the stored run, explained or not; stores nothing
  --planted <file>   judge the faults of a list written by hand; stores nothing
  --workers <n>      mutants at a time, default 1
  --dry-run          count mutants and tests, run none`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: 'string' },
    tests: { type: 'string' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    survivors: { type: 'boolean', default: false },
    planted: { type: 'string' },
    workers: { type: 'string', default: '1' },
    'dry-run': { type: 'boolean', default: false },
  },
})

const planted = values.planted === undefined ? undefined : readPlanted(values.planted)
const targets = planted === undefined ? positionals : [...new Set(planted.map(({ path }) => path))]
if (targets.length === 0) {
  console.error(usage)
  process.exit(2)
}

const choice = chooseFiles(targets, values)
const all = planted ?? choice.sources.flatMap((path) => findMutants(parseFile(path)))
const chosen = choose(all)
console.log(
  `${choice.name}: ${all.length} mutants in ${choice.sources.length} files, ${chosen.length} to judge`,
)
if (!values['dry-run']) await run()

async function run(): Promise<void> {
  const tests = await measureTests(choice)
  const explanations = readExplanations()
  const isKnown = !values.survivors && planted === undefined
  let done = 0
  const judged = await judgeAll(chosen, tests, {
    workers: Number(values.workers),
    explained: isKnown ? explanations : new Set(),
    onJudged: (one) => tell(one, ++done),
  })
  const figures = summarise(judged, {
    name: choice.name,
    mutants: all.length,
    seed: Number(values.seed),
    tests: values.tests,
    explanations,
  })
  const isWhole = !values.survivors && values.files === undefined && planted === undefined
  if (isWhole) storeFigures(figures)
  const open = figures.survivors.filter(({ reason }) => reason === '')
  console.log(open.map((each) => JSON.stringify(each)).join('\n'))
  console.log(figuresLine(figures))
}

function choose(mutants: readonly Mutant[]): readonly Mutant[] {
  if (values.survivors) {
    const ids = new Set(readFigures(choice.name).survivors.map(({ id }) => id))
    return mutants.filter(({ id }) => ids.has(id))
  }
  if (values.sample === undefined || Number(values.sample) >= mutants.length) return mutants
  const order = createRandom(Number(values.seed)).permutation(mutants.length)
  const drawn = [...order.subarray(0, Number(values.sample))].toSorted((a, b) => a - b)
  return drawn.map((i) => mutants[i])
}

/** Tests that reach one of the sources, measured one after another. */
async function measureTests({ sources, tests }: Choice): Promise<TestCoverage[]> {
  const reaching = tests.filter((test) => {
    const closure = importClosure(test)
    return values.tests !== undefined || sources.some((path) => closure.has(path))
  })
  const measured: TestCoverage[] = []
  for (const test of reaching) measured.push(await measureCoverage(test))
  const seconds = measured.reduce((sum, { ms }) => sum + ms / 1000, 0)
  console.log(`${measured.length} test files, ${seconds.toFixed(0)} s`)
  return measured
}

function tell({ mutant, fate, killer }: Judged, done: number): void {
  if (fate === 'killed' && planted === undefined && done % 50 !== 0) return
  const { id, path, line } = mutant
  const by = killer === undefined ? '' : ` (${killer})`
  const where = `${id} ${path}:${line} ${describeChange(mutant)}`
  console.log(`${done}/${chosen.length} ${fate} ${where}${by}`)
}
