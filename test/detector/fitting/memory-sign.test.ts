import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fit, type FitOptions } from '../../../src/detector/index.ts'
import { agreementOf, isSignOfMemory } from '../../../src/detector/fitting/memory-sign.ts'
import { NO_LABEL } from '../../../src/judging/reference-labels.ts'
import { arrayImages } from '../../../src/images/index.ts'
import { tellFitNote } from '../../../src/wording/index.ts'
import { brightnessClassifier } from '../../fixtures/brightness-classifier.ts'
import { mix, SIDE } from '../../fixtures/two-classes.ts'

describe('labels of the held-out images', () => {
  it('agree with predicted classes whatever these are called', () => {
    const labels = { codes: Uint16Array.of(0, 0, 1, 1, 1, NO_LABEL, 0), names: ['cat', 'dog'] }
    assert.deepEqual(agreementOf([7, 7, 3, 3, 7, 3, 7], labels), { right: 5, labelled: 6 })
  })

  it('are a sign of memory only where hardly one of many is wrong', () => {
    assert.ok(isSignOfMemory({ right: 499, labelled: 500 }))
    assert.ok(!isSignOfMemory({ right: 498, labelled: 500 }))
    assert.ok(!isSignOfMemory({ right: 99, labelled: 99 }))
    assert.ok(isSignOfMemory({ right: 100, labelled: 100 }))
  })

  const pixels = mix(200, 200)
  /** Dark and bright images, `wrong` of them labelled as the others. */
  const notesWith = async (options: FitOptions, wrong: number): Promise<string> => {
    const records = Array.from({ length: 400 }, (_, i) => ({
      id: String(i),
      label: i < 200 !== i % 10 < wrong ? 'dark' : 'bright',
    }))
    const classifier = { model: brightnessClassifier(1, SIDE) }
    const detector = await fit(arrayImages(pixels, records), { epochs: 1, classifier, ...options })
    await detector.close()
    return detector.manifest.notes.map(tellFitNote).join('\n')
  }

  it('are told with what is said of the classifier’s outputs', async () => {
    assert.match(await notesWith({}, 0), /do not count: .* memory \(it is right on 120 of 120/)
    assert.match(
      await notesWith({ unseenByClassifier: true }, 0),
      /outputs count, .* but it is right on 120/,
    )
    assert.doesNotMatch(await notesWith({}, 2), /is right on/)
    assert.doesNotMatch(await notesWith({ unseenByClassifier: true }, 2), /classifier/)
  })
})
