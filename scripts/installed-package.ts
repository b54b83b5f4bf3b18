/** Tries a packed package where only what it declares is installed. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

type Lockfile = {
  readonly packages: Readonly<
    Record<string, { readonly dev?: boolean; readonly optional?: boolean }>
  >
}

export type Project = {
  /** Repository whose dependencies are borrowed. */
  readonly root: string
  readonly tarball: string
  /** An empty folder to install into. */
  readonly folder: string
}

/** What does not work of the installed package, in words. */
export function findBroken({ root, tarball, folder }: Project): string[] {
  const { name, version, bin, exports } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as {
    name: string
    version: string
    bin: Record<string, string>
    exports: Record<string, unknown>
  }
  const home = join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  run('tar', ['-xzf', tarball, '-C', home, '--strip-components=1'], folder)
  borrowDependencies(root, folder)
  const subpaths = Object.keys(exports).filter((path) => !path.endsWith('.json'))
  const names = subpaths.map((path) => name + path.slice(1))
  writeFileSync(join(folder, 'use.mjs'), USE)
  writeFileSync(join(folder, 'use.cjs'), names.map((path) => `require('${path}')\n`).join(''))
  const [command = ''] = Object.values(bin)
  const said = run(process.execPath, [join(home, command), '--version'], folder)
  const used = run(process.execPath, ['use.mjs'], folder)
  const required = run(process.execPath, ['use.cjs'], folder)
  const compiled = compileFor({ root, folder, names })
  return [
    ...(said === `${version}\n` ? [] : [`the installed command said ${said}, not ${version}`]),
    ...(used === 'drift\n' ? [] : [`the installed library said ${used}, not drift`]),
    ...(required === '' ? [] : [`require of the installed library failed: ${required}`]),
    ...(compiled === '' ? [] : [`the declarations don’t compile without @types/node: ${compiled}`]),
  ]
}

/** Links every package that an install without development dependencies would bring. */
function borrowDependencies(root: string, folder: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile
  for (const [path, { dev = false }] of Object.entries(packages)) {
    // What lies inside another package comes along with it.
    if (dev || path.split('node_modules/').length !== 2) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(join(root, path), join(folder, path))
  }
}

type Consumer = Pick<Project, 'root' | 'folder'> & { readonly names: readonly string[] }

/** What the compiler says in a project that has the DOM's types and none of Node's, and checks declarations too. */
function compileFor({ root, folder, names }: Consumer): string {
  const settings = {
    compilerOptions: {
      target: 'es2024',
      lib: ['es2024', 'dom'],
      types: [],
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    },
    files: ['types.mts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const lines = names.map((path, i) => `export * as part${i} from '${path}'\n`)
  writeFileSync(join(folder, 'types.mts'), lines.join(''))
  return run(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.json'], folder)
}

/** The library by its published names: fits a detector of noise and shows it black images. */
const USE = `
import { arrayImages, fit } from 'pixeldrift'
import { createRandom, tensor } from 'pixeldrift/tensor'

const random = createRandom(1)
const noise = Float32Array.from({ length: 120 * 64 }, () => random.uniform())
const detector = await fit(arrayImages(tensor([120, 1, 8, 8], noise)), { epochs: 1 })
const black = arrayImages(tensor([20, 1, 8, 8], new Float32Array(20 * 64)))
console.log((await detector.check(black)).judgement.severity)
await detector.close()
`

/** What a command printed, and why it failed where it did. */
function run(file: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: 'utf8' })
  return status === 0 ? stdout : `${stdout}${stderr}`
}
