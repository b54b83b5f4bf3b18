/** Every command that is printed anywhere runs as printed, in a clone after `npm ci`. */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { makeClone, runService, runShell } from './commands/clone.ts'
import {
  commandsOfPages,
  commandsOfSources,
  type PrintedCommand,
  root,
} from './commands/printed-commands.ts'

/** Commands that are not run here, and why. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm ci( && npm (test|run demo))?$/, 'the set-up itself; .ci/run begins with it'],
  [/^npx pixeldrift demo$/, 'half a minute and more; the tests of the demo’s parts run them'],
  [/^npm run (check|format|lint|types|architecture|kernels)$/, 'what CI runs beside the tests'],
  [/^npm run (mutants|unchanged)( |$)/, 'runs other tests, or other commits, many times over'],
  [/^npx pixeldrift rehearse /, 'minutes; rehearse.test.ts runs it on less'],
  [/^npx pixeldrift rebaseline (?!.*--accept)/, 'ends with 2: it says what would change'],
  [/^npm run build && npm run exports$/, 'CI runs both'],
  [/^npx node --test /, 'these tests'],
  [/^npx pixeldrift$/, 'names the command'],
  [/^npm pack$/, 'builds; `npm run exports` packs and installs what comes out of it'],
  [/^npm install /, 'changes what is installed'],
  [/^npm run (evaluate|bench)\b/, 'minutes to hours of both cores'],
  [/^npm run docs:/, 'rewrites the pages; their tests compare them with the results'],
  [/^bench\/peers\/setup\.sh/, 'downloads gigabytes'],
  [/^npx pixeldrift serve .*--watch /, 'run below, with the lines that need it'],
  [/^npx pixeldrift send |^curl /, 'needs a service; those of README are run with one below'],
  [/s3:\/\//, 'needs a bucket; bucket.test.ts reads from one'],
  [/ --database postgres:/, 'needs a server; backup.test.ts restores to one'],
  [/^kubectl /, 'needs a cluster; kubernetes.test.ts runs what the containers run'],
  [/^(python|spark-submit) /, 'needs Ray or Spark; `npm run evaluate cluster` runs them'],
  [/\$\{/, 'completed when it is printed; what fit prints is run below'],
]

const reasonFor = (command: string) => NOT_RUN.find(([pattern]) => pattern.test(command))?.[1]
const all = [...commandsOfPages(), ...commandsOfSources()]
const toRun = distinct(all.filter(({ command }) => reasonFor(command) === undefined))
const clone = await makeClone()

/** One detector for images alone, one for images with probabilities, one for images with embeddings. */
const FITTED = {
  plain: 'plain.pixeldrift',
  given: 'given.pixeldrift',
  embedded: 'embedded.pixeldrift',
}

before(() => {
  for (const command of [
    `npx pixeldrift fit photos/ --out ${FITTED.plain} --epochs 1`,
    `npx pixeldrift fit training.csv --out ${FITTED.given} --epochs 1`,
  ]) {
    const { code, output } = runShell(command, clone)
    assert.equal(code, 0, output)
    const next = /^Next: (.*)$/m.exec(output)?.[1] ?? ''
    assert.match(next, /^npx pixeldrift check /)
    const followed = runShell(
      next.replace('<images>', next.includes('given') ? 'today.csv' : 'todays-images/'),
      clone,
    )
    assert.equal(followed.code, 0, followed.output)
  }
  const fitted = `npx pixeldrift fit training.jsonl --out ${FITTED.embedded} --epochs 1 --unseen-by-classifier`
  const embedded = runShell(fitted, clone)
  assert.equal(embedded.code, 0, embedded.output)
  for (const features of ['features.parquet', 'features-1.parquet', 'part-1.parquet']) {
    const { code, output } = runShell(
      `npx pixeldrift measure ${FITTED.plain} todays-images/ --out ${features}`,
      clone,
    )
    assert.equal(code, 0, output)
  }
})

describe('printed commands', () => {
  it('are found on the pages, in help texts, hints and examples', () => {
    const places = new Set(all.map(({ where }) => where))
    for (const where of [
      'README.md',
      'CONTRIBUTING.md',
      'bench/README.md',
      'src/cli/help-texts.ts',
      'src/cli/commands/demo.ts',
      'src/detector/artifact/artifact.ts',
      'examples/check-a-folder.ts',
    ])
      assert.ok(places.has(where), where)
  })

  it('begin with npx, which finds the command in a clone as in a project that installed it', () => {
    assert.deepEqual(
      all.filter(({ command }) => /^(pixeldrift|node) /.test(command)),
      [],
    )
  })

  it('name scripts, studies and topics that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    for (const { command, where } of all) {
      for (const [, script, argument = ''] of command.matchAll(
        /npm run ([\w:]+)(?: ([a-z][\w-]*))?/g,
      )) {
        assert.ok(script in scripts, `${command} in ${where}`)
        const folder = { evaluate: 'evaluation/studies', bench: 'bench/topics' }[script]
        if (folder === undefined || argument === '') continue
        assert.ok(existsSync(join(root, folder, `${argument}.ts`)), `${command} in ${where}`)
      }
    }
  })

  it('are left out for reasons that still apply', () => {
    for (const [pattern, reason] of NOT_RUN)
      assert.ok(
        all.some(({ command }) => pattern.test(command)),
        `${pattern}: ${reason}`,
      )
  })

  for (const { command, where } of toRun) {
    it(`${command} (${where})`, async () => {
      if (/ (check|export|inspect|measure|rebaseline|serve) /.test(command)) {
        copyFileSync(join(clone, detectorFor(command)), join(clone, 'detector.pixeldrift'))
      }
      if (/^npx pixeldrift serve (?!--print-config)/.test(command)) {
        assert.match(await runService(command, clone), /listening on http[\s\S]*stopping/)
        return
      }
      if (/ (backup|restore) /.test(command)) makeRoomFor(command)
      const { code, output } = runShell(fillIn(command), clone)
      assert.equal(code, 0, output)
    })
  }
})

describe('a running classifier is monitored', () => {
  it('by the lines of README, one after the other', async () => {
    const lines = commandsOfPages()
      .filter(({ where }) => where === 'README.md')
      .map(({ command }) => command)
    const from = lines.findIndex((line) => line.startsWith('npx pixeldrift serve '))
    const [serve, ...others] = lines.slice(from, from + 4)
    copyFileSync(join(clone, FITTED.plain), join(clone, 'detector.pixeldrift'))
    // Where tokens were made nobody speaks without one.
    rmSync(join(clone, 'pixeldrift-data'), { recursive: true, force: true })
    await runService(serve, clone, async (url) => {
      for (const line of others) {
        assert.match(line, /^(npx pixeldrift send|curl) /)
        const { code, output } = runShell(
          `export PIXELDRIFT_URL=${url}; ${line.replace('http://localhost:8080', url)}`,
          clone,
        )
        assert.equal(code, 0, output)
        assert.match(output, /Sent 30 images|"monitors":|"alerts":/)
      }
    })
  })
})

function distinct(commands: readonly PrintedCommand[]): PrintedCommand[] {
  return [...new Map(commands.map((one) => [one.command, one])).values()]
}

/** Which detector was fitted on images with the outputs that the command gives. */
function detectorFor(command: string): string {
  if (/today\.jsonl/.test(command)) return FITTED.embedded
  return /today\.csv|--probabilities/.test(command) ? FITTED.given : FITTED.plain
}

/** A backup is written where none is, and put back where there is one and no service's data. */
function makeRoomFor(command: string): void {
  const [backup, data] = ['monday.backup', 'pixeldrift-data'].map((name) => join(clone, name))
  rmSync(backup, { force: true })
  const run = (line: string): void => {
    const { code, output } = runShell(line, clone)
    assert.equal(code, 0, output)
  }
  if (!existsSync(data)) run('npx pixeldrift token create --name cameras --scope ingest')
  if (!/ restore /.test(command)) return
  run('npx pixeldrift backup monday.backup')
  rmSync(data, { recursive: true, force: true })
}

/** What stands in angle brackets is the reader's own. */
function fillIn(command: string): string {
  const images = / fit /.test(command) ? 'training-images/' : 'todays-images/'
  return command
    .replace('<images>', images)
    .replace('<detector>', 'detector.pixeldrift')
    .replace('<folder>', 'restored-data')
}
