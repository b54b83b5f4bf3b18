/** Packs what would be published and checks its contents, its `exports` and their types. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pixeldrift-pack-'))
try {
  // The build is the caller's; without it prepack would build a second time.
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
  ) as [Packed]
  const tarball = join(folder, packed.filename)
  requireEntries(new Set(packed.files.map(({ path }) => `./${path}`)))
  run('publint', ['run', tarball, '--strict'])
  run('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'])
  console.log(`${packed.filename}: ${packed.files.length} files, ${packed.unpackedSize} bytes`)
} finally {
  rmSync(folder, { recursive: true })
}

type Packed = {
  readonly filename: string
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}

type Conditions = string | { readonly [condition: string]: Conditions }

/** Everything package.json points at is in the tarball. */
function requireEntries(packed: ReadonlySet<string>): void {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly bin: Readonly<Record<string, string>>
    readonly exports: Conditions
  }
  const targets = [
    ...listTargets(manifest.exports),
    ...Object.values(manifest.bin).map((path) => `./${path}`),
  ]
  const missing = targets.filter((target) => !packed.has(target))
  if (missing.length > 0) {
    fail(`package.json points at files the package does not hold: ${missing.join(', ')}`)
  }
}

function listTargets(conditions: Conditions): string[] {
  return typeof conditions === 'string'
    ? [conditions]
    : Object.values(conditions).flatMap(listTargets)
}

/** Standard output of a command; its whole output and the end of this process when it fails. */
function run(file: string, rest: readonly string[]): string {
  try {
    return execFileSync(file, rest, { cwd: root, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string }
    return fail(`${file} ${rest.join(' ')}\n${stdout}${stderr}`)
  }
}

function fail(message: string): never {
  console.error(message)
  rmSync(folder, { recursive: true })
  process.exit(1)
}
