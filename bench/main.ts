/** `npm run bench <topic> [-- options]`: measures a topic and stores its figures. */
import { runCommand } from '../evaluation/harness/command.ts'
import type { Topic } from './harness/topic.ts'

process.exitCode = await runCommand<Topic>(
  {
    script: 'bench',
    folder: new URL('topics/', import.meta.url),
    exportName: 'topic',
    isTimed: true,
    run: ({ subject, values, signal }) =>
      subject.run(values, { log: (line) => console.error(line), signal }),
  },
  process.argv.slice(2),
)
