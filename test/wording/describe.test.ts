import assert from 'node:assert/strict'
import { describe as suite, it } from 'node:test'
import { countSkipped, describe, narrate } from '../../src/wording/index.ts'
import { makeReportData, scenes } from '../fixtures/report-data.ts'
import { batchOf } from './judged.ts'

suite('describe', () => {
  for (const scene of scenes) {
    const { verdict } = makeReportData(scene)
    const judgement = {
      ...verdict,
      ...batchOf(verdict.count, { unread: countSkipped(verdict) }),
      recognised: { learned: 0, reference: 0, copies: 0 },
      policy: { fewestImages: 10 },
      notes: [{ code: 'copies', images: 3, of: 6 }],
    } as unknown as Parameters<typeof describe>[0]

    it(`says of a judgement what the report says of its verdict (${scene})`, () => {
      const { findings, notes, summary, ...answers } = describe(judgement)
      const { notes: _, summary: __, ...told } = narrate(verdict)
      assert.deepEqual(answers, told)
      assert.deepEqual(findings, verdict.findings)
      assert.deepEqual(notes, ['3 of 6 images are exact copies of others in this batch.'])
      assert.match(summary, /\.$/)
    })

    it(`is plain data, and the same of the same (${scene})`, () => {
      const words = describe(judgement)
      assert.deepEqual(JSON.parse(JSON.stringify(words)), words)
      assert.deepEqual(describe(judgement), words)
    })
  }
})
