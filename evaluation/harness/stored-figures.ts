import { fileURLToPath } from 'node:url'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { benchmarkPage, type DescribedResult } from './benchmark-page.ts'
import type { Subject } from './command.ts'
import { discover } from './discover.ts'
import { readResults } from './result-store.ts'

/** The page of all results stored in `evaluation/results` and `bench/results`; those that `present` contradicts are marked. */
export async function renderBenchmarks(present: Fingerprint): Promise<string> {
  const root = new URL('../../', import.meta.url)
  return benchmarkPage(
    await describeResults(new URL('evaluation/', root), 'studies', 'study'),
    await describeResults(new URL('bench/', root), 'topics', 'topic'),
    present,
  )
}

/** Results with what their subject says of them: the one whose name theirs begins with. */
async function describeResults(
  home: URL,
  folder: string,
  exportName: string,
): Promise<DescribedResult[]> {
  const subjects = await discover<Subject>(new URL(`${folder}/`, home), exportName)
  const results = await readResults(fileURLToPath(new URL('results/', home)))
  // The grids of the window study fill a page of their own, docs/evaluation.md.
  const listed = [...results].filter(([name]) => !name.startsWith('window-'))
  return Promise.all(
    listed.map(async ([name, result]): Promise<DescribedResult> => {
      const isOf = (subject: string): boolean => name === subject || name.startsWith(`${subject}-`)
      const subject = await subjects.find((candidate) => isOf(candidate.name))?.load()
      const { title = name, description = '', tables } = subject ?? {}
      return { name, title, description, tables, result }
    }),
  )
}
