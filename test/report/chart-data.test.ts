import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decisionScale, effectRow } from '../../src/report/chart-data.ts'
import { makeReportData } from '../fixtures/report-data.ts'

describe('decisionScale', () => {
  it('is none where there was no test', () => {
    assert.equal(decisionScale(makeReportData('few').verdict.judgement), null)
  })

  it('is of the p-value, or of the loss under the published rule', () => {
    const alarm = decisionScale(makeReportData('letters').verdict.judgement)
    assert.deepEqual(alarm, { tone: 'drift', limit: 0.01, by: 'p-value', pValue: 0.0001 })
    assert.equal(decisionScale(makeReportData('relative').verdict.judgement)?.by, 'increase')
  })
})

describe('effectRow', () => {
  it('says of classes as many shares as there is room for, the largest change first', () => {
    const row = effectRow(makeReportData('classes').verdict.judgement.features[0])
    assert.deepEqual(row.kind === 'shares' && row.words, [
      "'cat' 10% → 31%, 'dog' 12% → 3.1%, 'ship' 11% → 4.2%",
      "'cat' 10% → 31%, 'dog' 12% → 3.1%",
      "'cat' 10% → 31%",
    ])
  })

  it('is sure where the adjusted p-value is', () => {
    const rows = makeReportData('letters').verdict.judgement.features.map(effectRow)
    assert.deepEqual(
      rows.map(({ isSure }) => isSure),
      rows.map(({ adjustedPValue }) => adjustedPValue <= 0.05),
    )
  })
})
