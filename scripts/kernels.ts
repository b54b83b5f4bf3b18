/** Compiles `kernels/` into the modules that src loads; with `--check`, only compares them with what is there. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Each module's source and the file of the room that runs it. */
const MODULES = [
  { source: 'kernels/index.ts', target: 'src/representations/kernels/compiled.ts' },
  { source: 'kernels/resample.ts', target: 'src/images/codec/compiled.ts' },
  { source: 'kernels/jpeg.ts', target: 'src/images/codec/compiled-jpeg.ts' },
  { source: 'kernels/png.ts', target: 'src/images/codec/compiled-png.ts' },
]

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
for (const { source, target } of MODULES) {
  const bytes = compile(source)
  const text = [
    `/** WebAssembly in base64, compiled from \`${source}\` by \`npm run kernels\`; not edited by hand. */`,
    'export const compiledKernels =',
    `  '${bytes.toString('base64')}'\n`,
  ].join('\n')
  const path = join(root, target)
  if (!values.check) {
    writeFileSync(path, text)
    console.log(`${target}: ${bytes.length} bytes`)
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${target} is not what ${source} compiles to: npm run kernels`)
    process.exitCode = 1
  }
}

function compile(source: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'))
  try {
    const file = join(folder, 'kernels.wasm')
    const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js')
    const config = join('kernels', 'asconfig.json')
    const options = [compiler, source, '--config', config, '--outFile', file]
    execFileSync(process.execPath, options, { cwd: root, stdio: 'inherit' })
    return readFileSync(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
