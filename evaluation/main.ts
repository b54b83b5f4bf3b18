/** `npm run evaluate <study> [-- options]`: runs a study over all cores and stores its figures. */
import { runCommand } from './harness/command.ts'
import { runStudy } from './harness/run-study.ts'
import type { Study } from './harness/study.ts'

process.exitCode = await runCommand<Study>(
  {
    script: 'evaluate',
    folder: new URL('studies/', import.meta.url),
    exportName: 'study',
    isTimed: false,
    run: runStudy,
  },
  process.argv.slice(2),
)
