/** Takes the module of distributions out of the package `cephes`; with `--check`, only compares it with what is there. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = 'src/statistics/cephes/compiled.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const folder = dirname(createRequire(import.meta.url).resolve('cephes'))
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  readonly version: string
}
const code = [...readFileSync(join(folder, 'index.js'), 'utf8').matchAll(/AGFzbQ[\w+/=]+/g)]
  .map(([base64]) => base64)
  .find((base64) => Buffer.from(base64, 'base64').includes('incbet'))
const text = [
  `/** WebAssembly in base64, Cephes' distributions as the package cephes ${version} has them; written by scripts/cephes.ts. */`,
  'export const compiledCephes =',
  `  '${code}'\n`,
].join('\n')
const path = join(root, target)
if (!values.check) writeFileSync(path, text)
else if (readFileSync(path, 'utf8') !== text) {
  console.error(`${target} is not what the package holds: node scripts/cephes.ts`)
  process.exitCode = 1
}
