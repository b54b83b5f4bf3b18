/** `npm run docs:benchmarks`: writes docs/benchmarks.md from the stored results. */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { takeFingerprint } from './fingerprint/fingerprint.ts'
import { renderBenchmarks } from './harness/stored-figures.ts'

const page = new URL('../docs/benchmarks.md', import.meta.url)
await mkdir(new URL('.', page), { recursive: true })
await writeFile(page, await renderBenchmarks(await takeFingerprint()))
console.error(`written: ${fileURLToPath(page)}`)
