import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  type Check,
  checkAmbientReadings,
  checkBrowserRooms,
  checkCycles,
  checkDirection,
  checkDocumentation,
  checkDoors,
  checkExports,
  checkNames,
  checkOwners,
  checkPublished,
  checkSize,
} from './architecture/checks.ts'
import { maximumLines, mayImport, owners, type Room } from './architecture/rules.ts'
import { manifest, readSources, root, scanSource } from './architecture/source-scan.ts'

type Rule = {
  readonly title: string
  readonly check: Check
  /** Sources that break it, by path; the check must name each of them. */
  readonly breaches: Readonly<Record<string, string>>
}

const rules: readonly Rule[] = [
  {
    title: 'rooms import only the rooms below them',
    check: checkDirection,
    breaches: {
      'src/tensor/a.ts': `import { fit } from '../detector/index.ts'`,
      'src/images/a.ts': `import type {\n  Op,\n} from "../engine/index.ts"`,
      'src/statistics/a.ts': `export { decode } from '../images/index.ts'`,
      'src/cli/a.ts': `const engine = await import('../engine/index.ts')`,
      'src/judging/a.ts': `import type { ImageRecord } from '../images/index.ts'`,
      'src/measuring/values/a.ts': `import { openImages } from '../../images/index.ts'`,
      'src/unheard-of/a.ts': `import '../tensor/index.ts'`,
      'src/report/a.ts': `import { plan } from '../../bench/plan.ts'`,
    },
  },
  {
    title: 'rooms are entered through their index.ts',
    check: checkDoors,
    breaches: {
      'src/statistics/a.ts': `import { zeros } from '../tensor/tensor.ts'`,
      'bench/a.ts': `import { decode } from '../src/images/decode.ts'`,
      'src/judging/a.ts': `import { count } from '../measuring/values/count.ts'`,
    },
  },
  {
    title: 'each third-party package is imported by its owner alone',
    check: checkOwners,
    breaches: {
      'src/report/a.ts': `import sharp from 'sharp'`,
      'src/images/b.ts': `const { xoroshiro } = await import('pure-rand/generator/xoroshiro')`,
      'src/images/c.ts': `import leftPad from '@left/pad/now'`,
      'src/detector/d.ts': `import { createServer } from 'node:http'`,
      'src/judging/e.ts': `import { z } from 'zod'`,
    },
  },
  {
    title: 'rooms for browsers load no Node module',
    check: checkBrowserRooms,
    breaches: {
      'src/charts/a.ts': `import { createHash } from 'node:crypto'`,
      'src/wording/b.ts': `import type { Stats } from 'node:fs'`,
    },
  },
  {
    title: 'the published package loads no development dependency',
    check: checkPublished,
    breaches: { 'src/cli/a.ts': `import { chromium } from 'playwright-core'` },
  },
  {
    title: 'files do not import each other in circles',
    check: checkCycles,
    breaches: {
      'src/tensor/a.ts': `import { b } from './b.ts'`,
      'src/tensor/b.ts': `import { c } from './c.ts'`,
      'src/tensor/c.ts': `export { a } from './a.ts'`,
      'src/images/a.ts': `import type { B } from './b.ts'`,
      'src/images/b.ts': `import type { A } from './a.ts'`,
    },
  },
  {
    title: `files have at most ${maximumLines} lines`,
    check: checkSize,
    breaches: { 'src/tensor/a.ts': 'line\n'.repeat(maximumLines + 1) },
  },
  {
    title: 'exports are documented',
    check: checkDocumentation,
    breaches: {
      'src/tensor/a.ts': 'export const a = 1',
      'src/tensor/b.ts': '/** Of nothing. */\n\nexport type B = 1',
      'src/tensor/c.ts': 'export async function* c() {}',
      'src/tensor/d.ts': 'export const one = 1\nexport const two = 2',
    },
  },
  {
    title: 'exports are named one by one',
    check: checkExports,
    breaches: {
      'src/tensor/a.ts': 'export default 1',
      'src/tensor/b.ts': `export * from './c.ts'`,
      'src/tensor/c.ts': 'const c = 1\nexport { c }',
    },
  },
  {
    title: 'files and folders say in kebab-case what is inside',
    check: checkNames,
    breaches: {
      'src/tensor/utils.ts': '',
      'test/helpers/a.test.ts': '',
      'src/tensor/linearAlgebra.ts': '',
    },
  },
  {
    title: 'rooms below the edges take randomness, clock and environment as arguments',
    check: checkAmbientReadings,
    breaches: {
      'src/detector/a.ts': 'const started = Date.now()',
      'src/tensor/b.ts': 'const noise = `${Math.random()}`',
    },
  },
]

const sources = readSources([
  'src',
  'kernels',
  'test',
  'evaluation',
  'bench',
  'examples',
  'scripts',
  'web',
])

describe('architecture', () => {
  for (const { title, check, breaches } of rules) {
    it(title, () => assert.equal(check(sources).join('\n'), ''))

    it(`notices where it is not so that ${title}`, () => {
      const planted = Object.entries(breaches).map(([path, text]) => scanSource(path, text))
      const found = check(planted).join('\n')
      const unnoticed = Object.keys(breaches).filter((path) => !found.includes(path))
      assert.deepEqual(unnoticed, [])
    })
  }

  it('accepts what only looks like an import or a breach', () => {
    const innocent = scanSource(
      'src/tensor/a.ts',
      [
        `// import { a } from '../cli/main.ts'`,
        `/* export default 1 */`,
        `/** Text with "import('../cli/main.ts')" in it. */`,
        `export const a = "import x from '../cli/main.ts'"`,
        'export const c = a\n',
        'export type Fields = {\n  /** Of something. */\n  readonly a: 1\n}',
        '/** A glob, a template and a pattern. */',
        "export const b = ['src/**/*.ts', `${{ a: `Date.now()` }.a} Date.now()`, /[/'\"`]Date.now()/]",
        `import { DriftError } from '../errors.ts'`,
      ].join('\n'),
    )
    assert.deepEqual(
      rules.flatMap(({ check }) => check([innocent])),
      [],
    )
    assert.deepEqual(innocent.imports, [{ specifier: '../errors.ts', kind: 'static' }])
  })

  it('gives every dependency an owner, and owns nothing that is not a dependency', () => {
    const owned = Object.keys(owners).filter((name) => !name.startsWith('node:'))
    const listed = { ...manifest.devDependencies, ...manifest.dependencies }
    assert.deepEqual(
      Object.keys(manifest.dependencies).filter((name) => !owned.includes(name)),
      [],
    )
    assert.deepEqual(
      owned.filter((name) => !(name in listed)),
      [],
    )
  })

  it('is printed in ARCHITECTURE.md as the tables say', () => {
    const rooms = Object.entries(mayImport).map(([name, room]) => [
      `\`${name}\``,
      room.holds,
      describeImports(room),
    ])
    const packages = Object.entries(owners).map(([name, places]) => [
      `\`${name}\``,
      [places]
        .flat()
        .map((place) => `\`${place}\``)
        .join(' and '),
    ])
    const tables = readTables(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'))
    assert.deepEqual(tables, [rooms, packages])
  })
})

function describeImports({ mayImport: whole, mayImportTypes: types = [] }: Room): string {
  const ofTypes = types.length === 0 ? [] : [`types of ${types.join(' and ')}`]
  return [...whole, ...ofTypes].join(', ') || '–'
}

/** Body cells of a Markdown text's tables, in order. */
function readTables(markdown: string): string[][][] {
  return [...markdown.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  )
}
