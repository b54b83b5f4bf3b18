/** Child process of a study: runs one cell at a time, on request of the parent. */
import { readCommit } from './commit.ts'
import { loadExport } from './discover.ts'
import type { CellReply, CellRequest } from './process-pool.ts'
import type { Study } from './study.ts'

const [url = ''] = process.argv.slice(2)
// Before the study is loaded: what is computed is the code of this moment.
const commit = readCommit()
const study = await loadExport<Study>(url, 'study')
const reply = (message: CellReply): void => {
  process.send?.(message)
}

process.on('message', (request: CellRequest) => {
  void runCell(request)
})
// The parent is gone, perhaps killed: nobody waits for the rest.
process.on('disconnect', () => process.exit(1))
reply({ type: 'ready' })

async function runCell({ index, cell, ...context }: CellRequest): Promise<void> {
  const started = performance.now()
  try {
    const log = (line: string): void => reply({ type: 'log', line })
    const result = await study.run(cell, { ...context, log })
    const seconds = (performance.now() - started) / 1000
    const origin = { date: new Date().toISOString(), seconds, ...(commit && { commit }) }
    reply({ type: 'done', index, result, origin })
  } catch (error) {
    reply({ type: 'failed', index, message: (error as Error).stack ?? String(error) })
  }
}
