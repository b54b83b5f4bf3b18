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
}

const PACKAGES = ['pixeldrift', 'onnxruntime-node', 'sharp']

/** Describes the machine this process runs on. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${systemName()} ${release()}`,
    node: process.versions.node,
    versions: Object.fromEntries(PACKAGES.map((name) => [name, readVersion(name)])),
  }
}

function readVersion(name: string): string {
  const root = new URL('../../', import.meta.url)
  const path = name === 'pixeldrift' ? 'package.json' : `node_modules/${name}/package.json`
  const manifest = JSON.parse(readFileSync(new URL(path, root), 'utf8')) as { version: string }
  return manifest.version
}
