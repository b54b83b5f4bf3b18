/** `npm run docs:evidence`: writes the table of claims in README.md from the stored results. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { withEvidence } from './evidence/evidence-table.ts'
import { takeFingerprint } from './fingerprint/fingerprint.ts'
import { readResults } from './harness/result-store.ts'

const root = new URL('../', import.meta.url)
const read = (folder: string) => readResults(fileURLToPath(new URL(folder, root)))
const results = { studies: await read('evaluation/results/'), topics: await read('bench/results/') }
const path = new URL('README.md', root)
const page = await readFile(path, 'utf8')
await writeFile(path, withEvidence(page, results, await takeFingerprint()))
console.error(`written: ${fileURLToPath(path)}`)
