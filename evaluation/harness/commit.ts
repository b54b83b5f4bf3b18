import { execFileSync } from 'node:child_process'

/** What figures are computed by; results written beside the code change none of it. */
const CODE = [
  'src',
  'kernels',
  'evaluation',
  'bench',
  'package.json',
  'package-lock.json',
  ':!evaluation/results',
  ':!bench/results',
]

/** Git commit of the code in this checkout, with `+` when any of it was changed or added since; undefined outside one. */
export function readCommit(): string | undefined {
  try {
    const root = git(new URL('.', import.meta.url).pathname, 'rev-parse', '--show-toplevel')
    const changed = git(root, 'status', '--porcelain', '--', ...CODE) !== ''
    return `${git(root, 'rev-parse', '--short=10', 'HEAD')}${changed ? '+' : ''}`
  } catch {
    return undefined
  }
}

function git(folder: string, ...words: readonly string[]): string {
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
  return execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio }).trim()
}
