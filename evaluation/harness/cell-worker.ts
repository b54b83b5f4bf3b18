/** Process of a study: runs one cell at a time. */
import { readCommit } from './commit.ts'
import { loadExport } from './discover.ts'
import type { CellAnswer, CellRequest } from './process-pool.ts'
import { serveProcess } from './serve-process.ts'
import type { Study } from './study.ts'

const [url = ''] = process.argv.slice(2)
// Before the study is loaded: what is computed is the code of this moment.
const commit = readCommit()
const study = await loadExport<Study>(url, 'study')

await serveProcess({ name: url, version: commit ?? 'unknown' }, { run: runCell })

async function runCell({ cell, context }: CellRequest): Promise<CellAnswer> {
  const started = performance.now()
  try {
    const result = await study.run(cell, { ...context, log: (line) => console.error(line) })
    const seconds = (performance.now() - started) / 1000
    const origin = { date: new Date().toISOString(), seconds, ...(commit && { commit }) }
    return { result, origin }
  } catch (error) {
    return { failure: (error as Error).stack ?? String(error) }
  }
}
