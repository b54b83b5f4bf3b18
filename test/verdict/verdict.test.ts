import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { verdictJsonSchema, verdictSchema } from '../../src/verdict/index.ts'
import { makeReportData, scenes } from '../fixtures/report-data.ts'

const { verdict } = makeReportData('classes')

describe('the schema of a verdict', () => {
  for (const scene of scenes) {
    it(`has every field of a verdict, also after JSON (${scene})`, () => {
      const one = makeReportData(scene).verdict
      assert.deepEqual(verdictSchema.parse(JSON.parse(JSON.stringify(one))), one)
    })
  }

  it('refuses what is none, and says where', () => {
    const refused = (change: object): string => {
      const { error } = verdictSchema.safeParse({ ...verdict, ...change })
      return error?.issues[0].path.join('.') ?? 'accepted'
    }
    assert.equal(refused({}), 'accepted')
    assert.equal(refused({ version: 1 }), 'version')
    assert.equal(refused({ period: { ...verdict.period, from: 'yesterday' } }), 'period.from')
    const judgement = { ...verdict.judgement, severity: 'bad' }
    assert.equal(refused({ judgement }), 'judgement.severity')
    assert.equal(refused({ policy: { ...verdict.policy, rate: 0 } }), 'policy.rate')
    const notes = [{ code: 'learned', images: 1 }]
    assert.equal(refused({ judgement: { ...verdict.judgement, notes } }), 'judgement.notes.0.of')
  })

  it('takes fields that a later release adds', () => {
    const later = { ...verdict, judgement: { ...verdict.judgement, cause: 'rain' } }
    assert.ok(verdictSchema.safeParse(later).success)
    assert.doesNotMatch(JSON.stringify(verdictJsonSchema()), /"additionalProperties":false/)
  })

  it('is JSON Schema for other languages: what must be there, and of what kind', () => {
    const { type, required, properties } = verdictJsonSchema() as {
      readonly type: string
      readonly required: readonly string[]
      readonly properties: Readonly<Record<string, { readonly required: readonly string[] }>>
    }
    assert.equal(type, 'object')
    assert.deepEqual(required.toSorted(), Object.keys(verdict).toSorted())
    const { judgement, detector } = properties
    assert.deepEqual(judgement.required.toSorted(), Object.keys(verdict.judgement).toSorted())
    assert.ok(!detector.required.includes('fittedAt'))
  })

  it('runs in a browser', async () => {
    const { outputFiles, errors } = await build({
      entryPoints: [fileURLToPath(new URL('../../src/verdict/index.ts', import.meta.url))],
      bundle: true,
      minify: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    })
    assert.deepEqual(errors, [])
    const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
    const bundled = (await import(url)) as { readonly verdictSchema: typeof verdictSchema }
    assert.deepEqual(bundled.verdictSchema.parse(verdict), verdict)
  })
})
