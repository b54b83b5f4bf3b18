import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem, type as systemName } from 'node:os'

/** Where figures were made. */
export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  /** Of the packages that do the arithmetic and the decoding. */
  readonly versions: Readonly<Record<string, string>>
  /** Git commit of the code, with `+` when the tree had changes; absent outside a checkout. */
  readonly commit?: string
}

const PACKAGES = ['pixeldrift', 'onnxruntime-node', 'sharp']

/** Describes the machine this process runs on. */
export function describeMachine(): Machine {
  const commit = readCommit()
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${systemName()} ${release()}`,
    node: process.versions.node,
    versions: Object.fromEntries(PACKAGES.map((name) => [name, readVersion(name)])),
    ...(commit === undefined ? {} : { commit }),
  }
}

function readVersion(name: string): string {
  const root = new URL('../../', import.meta.url)
  const path = name === 'pixeldrift' ? 'package.json' : `node_modules/${name}/package.json`
  const manifest = JSON.parse(readFileSync(new URL(path, root), 'utf8')) as { version: string }
  return manifest.version
}

function readCommit(): string | undefined {
  const git = (...words: string[]): string =>
    execFileSync('git', words, {
      cwd: new URL('.', import.meta.url),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== ''
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`
  } catch {
    return undefined
  }
}
