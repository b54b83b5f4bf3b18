import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reportJson } from '../../src/report/index.ts'
import { makeReportData, scenes } from '../fixtures/report-data.ts'

describe('reportJson', () => {
  for (const scene of scenes) {
    it(`survives a round trip through JSON (${scene})`, () => {
      const json = reportJson(makeReportData(scene))
      assert.deepEqual(JSON.parse(JSON.stringify(json)), json)
    })
  }

  it('names the images that others repeat, where there are some', () => {
    const picturesOf = (scene: 'frozen' | 'letters') => reportJson(makeReportData(scene)).pictures
    assert.equal(picturesOf('frozen').repeated?.length, 1)
    assert.ok(!('repeated' in picturesOf('letters')))
  })

  it('keeps a stable outline', () => {
    const json = reportJson(makeReportData('letters'))
    assert.equal(json.kind, 'pixeldrift-report')
    assert.equal(json.schemaVersion, 2)
    assert.deepEqual(Object.keys(json), [
      'kind',
      'schemaVersion',
      'verdict',
      'scores',
      'reference',
      'referenceLosses',
      'training',
      'pictures',
    ])
    assert.deepEqual(Object.keys(json.pictures.mostDrifted[0]), [
      'id',
      'caption',
      'loss',
      'excessLoss',
      'score',
      'pValue',
    ])
  })

  it('lists every image of the verdict, and pictures by id and score without pixels', () => {
    const data = makeReportData('letters')
    const [first] = data.scores
    const mostDrifted = [{ ...data.mostDrifted[0], id: first.record.id }]
    const { scores, pictures } = reportJson({ ...data, mostDrifted })
    assert.equal(scores.length, 500)
    assert.equal(pictures.mostDrifted[0].score, first.score)
    assert.equal(pictures.typicalReference[0].score, null)
    assert.doesNotMatch(JSON.stringify(pictures), /original|reconstruction|shape/)
  })

  it('writes null for numbers that JSON cannot hold', () => {
    const data = makeReportData('few')
    const [first] = data.scores
    const scores = [{ ...first, loss: Infinity, score: Number.NaN }]
    const { scores: written } = reportJson({ ...data, scores })
    assert.deepEqual([written[0].loss, written[0].score], [null, null])
  })
})
