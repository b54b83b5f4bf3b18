/** `npm run bench <topic> [-- options]`: measures a topic and stores its figures. */
import { readCommit } from '../evaluation/harness/commit.ts'
import { runCommand } from '../evaluation/harness/command.ts'
import { provenanceOf } from '../evaluation/harness/provenance.ts'
import type { Topic } from './harness/topic.ts'

process.exitCode = await runCommand<Topic>(
  {
    script: 'bench',
    folder: new URL('topics/', import.meta.url),
    exportName: 'topic',
    isTimed: true,
    run: async ({ subject, values, fingerprint, signal }) => {
      const commit = readCommit()
      const started = performance.now()
      const figures = await subject.run(values, { log: (line) => console.error(line), signal })
      const seconds = (performance.now() - started) / 1000
      const origin = { date: new Date().toISOString(), seconds, ...(commit && { commit }) }
      return { figures, provenance: provenanceOf([origin], fingerprint) }
    },
  },
  process.argv.slice(2),
)
