/** `npm run docs:evaluation`: writes docs/evaluation.md and its pictures from the stored results. */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { takeFingerprint } from './fingerprint/fingerprint.ts'
import { readResults } from './harness/result-store.ts'
import { evaluationPage } from './window/page/evaluation-page.ts'

const results = await readResults(fileURLToPath(new URL('results/', import.meta.url)))
const { page, charts } = evaluationPage(results, await takeFingerprint())
const docs = new URL('../docs/', import.meta.url)
await mkdir(new URL('evaluation/', docs), { recursive: true })
for (const [file, chart] of charts) await writeFile(new URL(`evaluation/${file}`, docs), chart)
await writeFile(new URL('evaluation.md', docs), page)
console.error(`written: ${fileURLToPath(new URL('evaluation.md', docs))}`)
