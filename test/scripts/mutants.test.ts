import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { applyChange, type Mutant } from '../../scripts/mutants/change.ts'
import { covers } from '../../scripts/mutants/coverage.ts'
import { readExplanations } from '../../scripts/mutants/explained.ts'
import { findMutants } from '../../scripts/mutants/find-mutants.ts'
import { judgeAll, judgeMutant } from '../../scripts/mutants/judge-mutant.ts'
import { readPlanted } from '../../scripts/mutants/planted.ts'
import { runTest } from '../../scripts/mutants/run-test.ts'
import { parseFile, parseText } from '../../scripts/mutants/syntax.ts'

const mutate = (text: string): string[] =>
  findMutants(parseText('src/sample.ts', text)).map((mutant) => applyChange(text, mutant))

describe('mutants', () => {
  const cases: readonly (readonly [title: string, text: string, expected: readonly string[]])[] = [
    ['arithmetic', 'a + b * c', ['a - b * c', 'a + b / c']],
    ['comparisons', 'a < b', ['a <= b', 'a >= b']],
    ['conditions', 'if (a && b) c', ['if (false) c', 'if (!(a && b)) c', 'if (a || b) c']],
    ['defaults', 'a ?? b', ['a', '(b)']],
    ['constants', 'f(0, 3.5)', ['f(3.5, 0)', 'f(1, 3.5)', 'f(0, 7)', 'f(0, 1.75)', ';']],
    ['calls left out', 'await f()', [';']],
    ['neighbours', 'const [a, b] = [c, d]', ['const [b, a] = [c, d]', 'const [a, b] = [d, c]']],
    [
      'methods',
      'x = Math.min(...a.toSorted())',
      [';', 'x = Math.max(...a.toSorted())', 'x = Math.min(...a)'],
    ],
    ['optional chaining', 'x = a?.b', [';', 'x = a.b']],
    [
      'unions',
      "type A = 'p' | 'q'\nx = f('p')",
      ["type A = 'p' | 'q'\n;", "type A = 'p' | 'q'\nx = f('q')"],
    ],
    ['not types', 'let a: 3 | 4', []],
    ['not what an error says', 'throw new RangeError(`${a + b}`)', []],
  ]
  for (const [title, text, expected] of cases) {
    test(`change ${title}`, () => {
      assert.deepEqual(mutate(text).toSorted(), expected.toSorted())
    })
  }

  test('are programs', () => {
    assert.deepEqual(mutate('const f = (a?: 1) => (a ? () => {} : -a)').toSorted(), [
      'const f = (a?: 1) => (!(a) ? () => {} : -a)',
      'const f = (a?: 1) => (a ? () => {} : a)',
    ])
  })

  test('keep their ids when lines and folders move, and have one each', () => {
    const text = 'const a = 1 + 1\nconst b = 1 + 1\n'
    const ids = (path: string, code: string) =>
      findMutants(parseText(path, code)).map(({ id }) => id)
    assert.deepEqual(ids('src/new/a.ts', `\n\n${text}`), ids('src/old/a.ts', text))
    assert.equal(new Set(ids('a.ts', text)).size, ids('a.ts', text).length)
  })

  test('are covered where the smallest range around them was run, or where it can’t be told', () => {
    const range = (startOffset: number, endOffset: number, count: number) => ({
      startOffset,
      endOffset,
      count,
    })
    const script = { ranges: [range(0, 100, 1), range(20, 40, 0), range(25, 30, 2)], awaits: false }
    const called = { ranges: [range(50, 70, 1), range(55, 70, 0)], awaits: true }
    const uncalled = { ranges: [range(80, 90, 0)], awaits: true }
    const files = { 'a.ts': [[script, called, uncalled]] }
    const at = (start: number): boolean =>
      covers(
        { test: '', ms: 1, files },
        { id: '', path: 'a.ts', line: 1, start, end: start + 1, original: '', text: '' },
      )
    assert.deepEqual([5, 22, 27, 35, 45, 52, 60, 85].map(at), [
      true,
      false,
      true,
      false,
      true,
      true,
      true,
      false,
    ])
  })
})

describe('a mutant in a test run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-test-'))
  after(() => rmSync(folder, { recursive: true }))
  const source = 'src/statistics/conformal.ts'
  const syntax = parseFile(source)
  const mutants = findMutants(syntax)
  const coverage = (path: string) => ({
    test: path,
    ms: 5000,
    files: {
      [source]: [
        [{ ranges: [{ startOffset: 0, endOffset: syntax.text.length, count: 1 }], awaits: false }],
      ],
    },
  })

  test('is killed by the test that notices, and survives one that does not look', async () => {
    const held = 'test/statistics/p-values.test.ts'
    const blind = join(folder, 'blind.test.ts')
    writeFileSync(blind, `import '${new URL(`../../${source}`, import.meta.url).href}'`)
    const mutant = mutants.find(({ original }) => original === '+')
    assert.ok(mutant)
    const fates = [blind, held].map((path) => judgeMutant(mutant, [coverage(path)]))
    assert.deepEqual(
      (await Promise.all(fates)).map(({ fate }) => fate),
      ['survived', 'killed'],
    )
  })

  test('is known to survive where it is explained, and not run', async () => {
    const mutant = mutants[0]
    const judge = (explained: ReadonlySet<string>) =>
      judgeAll([mutant], [coverage(join(folder, 'missing.test.ts'))], {
        workers: 1,
        explained,
        onJudged: () => {},
      })
    assert.equal((await judge(new Set([mutant.id])))[0].fate, 'survived')
    // There is no such test: to run it fails.
    assert.equal((await judge(new Set()))[0].fate, 'killed')
  })

  test('meets first the test that killed others of its file, and is quick', async () => {
    const held = 'test/statistics/p-values.test.ts'
    const blind = join(folder, 'slower.test.ts')
    writeFileSync(blind, `import '${new URL(`../../${source}`, import.meta.url).href}'`)
    const mutant = mutants.find(({ original }) => original === '+')
    assert.ok(mutant)
    const experience = new Map([[`${source} ${held}`, { tried: 9, killed: 9 }]])
    await judgeMutant(mutant, [coverage(blind), coverage(held)], experience)
    assert.deepEqual(Object.fromEntries(experience), {
      [`${source} ${held}`]: { tried: 10, killed: 10 },
    })
  })

  test('that never ends is stopped by the processor time it took, not by the time that passed', async () => {
    const [busy, idle] = [join(folder, 'busy.test.ts'), join(folder, 'idle.test.ts')]
    writeFileSync(busy, 'for (;;);')
    writeFileSync(idle, 'setTimeout(() => {}, 1500)')
    const limits = { processorSeconds: 1, timeoutMs: 60_000 }
    const [ending, waiting] = await Promise.all([runTest(busy, limits), runTest(idle, limits)])
    assert.equal(ending.outcome, 'timed out')
    assert.equal(waiting.outcome, 'passed', waiting.output)
  })

  test('is seen by the threads and processes the test starts', async () => {
    const [seen, looking] = [join(folder, 'seen.test.ts'), join(folder, 'looking.ts')]
    const constant: Mutant = {
      id: '',
      path: source,
      line: 1,
      start: 0,
      end: 0,
      original: '',
      text: 'globalThis.mutated = true;',
    }
    const url = new URL(`../../${source}`, import.meta.url).href
    writeFileSync(looking, `import '${url}'\nprocess.exit(globalThis.mutated ? 0 : 1)`)
    writeFileSync(
      seen,
      `import assert from 'node:assert/strict'
       import { spawnSync } from 'node:child_process'
       import { once } from 'node:events'
       import test from 'node:test'
       import { Worker } from 'node:worker_threads'
       test('thread', async () => {
         assert.deepEqual(await once(new Worker('${looking}'), 'exit'), [0])
       })
       test('process', () => {
         assert.equal(spawnSync(process.execPath, ['${looking}']).status, 0)
       })`,
    )
    const timeoutMs = 60_000
    const [changed, unchanged] = await Promise.all([
      runTest(seen, { mutant: constant, timeoutMs }),
      runTest(seen, { timeoutMs }),
    ])
    assert.equal(changed.outcome, 'passed', changed.output)
    assert.equal(unchanged.outcome, 'failed')
  })
})

test('every explained survivor has a reason', () => {
  assert.ok(readExplanations())
})

describe('faults that were once found', () => {
  test('are all still to be planted: each text stands once where the list says', () => {
    const planted = readPlanted('test/mutants/planted.json')
    assert.ok(planted.length > 20)
    for (const { original, text } of planted) assert.notEqual(original, text)
  })
})
