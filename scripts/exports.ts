/** Packs what would be published and checks its contents, its `exports`, their types, and that it works. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findUndocumented } from './documented-options.ts'
import { findBroken } from './installed-package.ts'

type Packed = {
  readonly filename: string
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}

type Conditions = string | { readonly [condition: string]: Conditions }

type Manifest = {
  readonly name: string
  readonly bin: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, Conditions>>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
const folder = mkdtempSync(join(tmpdir(), 'pixeldrift-pack-'))
try {
  const packed = pack()
  const tarball = join(folder, packed.filename)
  const problems = [
    ...findMissing(new Set(packed.files.map(({ path }) => `./${path}`))),
    ...(await findUnloadable()),
    ...findUndocumented(join(root, 'dist')),
    ...findBroken({ root, tarball, folder: join(folder, 'project') }),
    ...runTool(['publint', 'run', tarball, '--strict']),
    ...runTool(['attw', tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii']),
  ]
  for (const problem of problems) console.error(problem)
  console.log(`${packed.filename}: ${packed.files.length} files, ${packed.unpackedSize} bytes`)
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}

function pack(): Packed {
  // The build is the caller's; with its scripts npm would build a second time.
  const { stdout, stderr } = spawnSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: root, encoding: 'utf8' },
  )
  const [packed] = JSON.parse(stdout) as readonly Packed[]
  if (packed === undefined) throw new Error(`npm pack made no package: ${stderr}`)
  return packed
}

/** Everything package.json points at is in the tarball. */
function findMissing(packed: ReadonlySet<string>): string[] {
  const binaries = Object.values(manifest.bin).map((path) => `./${path}`)
  return [...listTargets(manifest.exports), ...binaries]
    .filter((target) => !packed.has(target))
    .map((target) => `package.json points at ${target}, which the package does not hold`)
}

function listTargets(conditions: Conditions): string[] {
  return typeof conditions === 'string'
    ? [conditions]
    : Object.values(conditions).flatMap(listTargets)
}

/** Every entry, imported by its published name, loads. */
async function findUnloadable(): Promise<string[]> {
  const specifiers = Object.keys(manifest.exports)
    .filter((path) => !path.endsWith('.json'))
    .map((path) => manifest.name + path.slice(1))
  const loads = await Promise.allSettled(specifiers.map((specifier) => import(specifier)))
  return loads.flatMap((load, i) =>
    load.status === 'rejected' ? [`import '${specifiers[i]}' failed: ${String(load.reason)}`] : [],
  )
}

/** A tool's output where it failed. */
function runTool([file = '', ...rest]: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(file, rest, { cwd: root, encoding: 'utf8' })
  return status === 0 ? [] : [`${file} ${rest.join(' ')}\n${stdout}${stderr}`]
}
