import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { Verdict } from '../../src/detector/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../images/stored-images.ts'

/** What the tests look at of a job. */
type Job = {
  readonly spec: {
    readonly completionMode?: string
    readonly completions?: number
    readonly podFailurePolicy?: { rules: { onExitCodes: { containerName: string } }[] }
    readonly template: {
      readonly spec: {
        readonly containers: readonly [
          { name: string; workingDir: string; command: string[]; args: string[] },
        ]
        readonly volumes: readonly { readonly name: string }[]
      }
    }
  }
}

const data = temporaryFolder()
const bin = fileURLToPath(new URL('../../bin/pixeldrift.js', import.meta.url))

function readJob(name: string): Job {
  const path = fileURLToPath(new URL(`../../examples/kubernetes/${name}.yaml`, import.meta.url))
  return parse(readFileSync(path, 'utf8'), { strict: true }) as Job
}

/** Runs what the job's container runs, in a folder that stands for its volume. */
function runContainer({ spec }: Job, env: NodeJS.ProcessEnv = {}) {
  const [{ command, args }] = spec.template.spec.containers
  const [program, ...words] = [...command, ...args]
  const PATH = [join(data, 'bin'), process.env['PATH']].join(delimiter)
  return spawnSync(program, words, {
    cwd: data,
    encoding: 'utf8',
    env: { ...process.env, PATH, ...env },
  })
}

before(async () => {
  for (const folder of ['bin', 'features']) mkdirSync(join(data, folder))
  const command = join(data, 'bin', 'pixeldrift')
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`)
  chmodSync(command, 0o755)
  await writeImageFolder(join(data, 'images'), blobImages({ count: 30, seed: 2, side: 8 }))
  await using detector = await fitTinyDetector({ epochs: 1 }, { side: 8 })
  await detector.save(join(data, 'detector.pixeldrift'))
})

describe('the jobs for Kubernetes', () => {
  it('measure a part in each pod, and leave one that is there as it is', () => {
    const measure = readJob('measure')
    assert.equal(measure.spec.completionMode, 'Indexed')
    assert.equal(measure.spec.completions, 16)
    for (const index of ['0', '15']) {
      const { status, stderr } = runContainer(measure, { JOB_COMPLETION_INDEX: index })
      assert.equal(status, 0, stderr)
    }
    // Thirty images are one batch, which is the first part's.
    assert.deepEqual(readdirSync(join(data, 'features')), ['part-0.parquet', 'part-15.parquet'])
    writeFileSync(join(data, 'features', 'part-1.parquet'), 'there')
    assert.equal(runContainer(measure, { JOB_COMPLETION_INDEX: '1' }).status, 0)
    assert.equal(readFileSync(join(data, 'features', 'part-1.parquet'), 'utf8'), 'there')
  })

  it('judge when all parts are there, and not before', () => {
    const judge = readJob('judge')
    assert.equal(runContainer(judge).status, 2)
    const empty = readFileSync(join(data, 'features', 'part-15.parquet'))
    for (let index = 1; index < 15; index++) {
      writeFileSync(join(data, 'features', `part-${index}.parquet`), empty)
    }
    const { status, stderr } = runContainer(judge)
    assert.equal(status, 0, stderr)
    const { judgement } = JSON.parse(readFileSync(join(data, 'verdict.json'), 'utf8')) as Verdict
    assert.equal(judgement.count, 30)
    assert.match(readFileSync(join(data, 'report.html'), 'utf8'), /<html/)
  })

  it('name what they mount and whose exit codes they read', () => {
    for (const name of ['measure', 'judge']) {
      const { template, podFailurePolicy } = readJob(name).spec
      const [container] = template.spec.containers
      assert.equal(container.name, name)
      assert.equal(container.workingDir, '/data')
      for (const { onExitCodes } of podFailurePolicy?.rules ?? []) {
        assert.equal(onExitCodes.containerName, name)
      }
    }
  })
})
