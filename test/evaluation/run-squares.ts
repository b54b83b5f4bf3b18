/** Runs the study of squares as a process of its own, for tests that kill it. */
import { runStudy } from '../../evaluation/harness/run-study.ts'
import { squares } from './squares-invocation.ts'

const [workPath = '', behaviour = ''] = process.argv.slice(2)
const { figures } = await runStudy(await squares({ workPath, behaviour, resume: true }))
console.log(JSON.stringify(figures))
