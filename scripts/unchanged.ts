/**
 * `npm run unchanged -- --against <commit>`: whether this checkout computes the same as another commit, bit for bit:
 * what is learned, features, p-values and judgements on generated images, MNIST, CIFAR-10 and stored artifacts.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareFindings, type Findings } from './unchanged/compare.ts'

const { values: flags } = parseArgs({
  options: {
    against: { type: 'string', default: 'HEAD' },
    only: { type: 'string', default: '' },
  },
})
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pixeldrift-unchanged-'))
try {
  const commit = git('rev-parse', '--verify', `${flags.against}^{commit}`)
  const other = checkOut(commit)
  // One after the other: both would want all cores.
  const before = await collect(other)
  const now = await collect(root)
  const { same, byDesign, changed } = compareFindings(before, now)
  console.log(`${same} values are equal bit for bit with ${commit.slice(0, 7)}`)
  for (const line of byDesign) console.log(`changed by design: ${line}`)
  for (const line of changed) console.log(`CHANGED: ${line}`)
  process.exitCode = changed.length === 0 && same > 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}

/** The sources of a commit, with the packages of this checkout. */
function checkOut(commit: string): string {
  const place = join(folder, 'other')
  const archive = join(folder, 'other.tar')
  git('archive', '--prefix=other/', `--output=${archive}`, commit)
  execFileSync('tar', ['-xf', archive, '-C', folder])
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
  return place
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim()
}

/** In a process of its own: the two checkouts share nothing. */
async function collect(checkout: string): Promise<Findings> {
  const out = join(folder, 'findings.json')
  const script = fileURLToPath(new URL('unchanged/collect.ts', import.meta.url))
  const child = spawn(process.execPath, [script, checkout, out, flags.only], { stdio: 'inherit' })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`expected the findings of ${checkout}, got exit code ${code}`)
  return JSON.parse(readFileSync(out, 'utf8')) as Findings
}
