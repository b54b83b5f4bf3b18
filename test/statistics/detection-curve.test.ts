import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  chanceFound,
  type DetectionTrials,
  fitDetectionCurve,
  strengthFound,
} from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { assertClose } from './golden.ts'

/** Made by test/golden/detection-curve.py with SciPy. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/detection-curve.json', import.meta.url), 'utf8'),
) as readonly {
  readonly name: string
  readonly trials: readonly DetectionTrials[]
  readonly intercept: number
  readonly slope: number
  readonly strength: number
  readonly from: number
  readonly to: number
}[]

describe('a detection curve', () => {
  for (const { name, trials, intercept, slope, ...ninety } of golden) {
    it(`is that of SciPy’s optimizer: ${name}`, () => {
      const curve = fitDetectionCurve(trials)
      assert.ok(curve)
      assertClose(curve.intercept, intercept, 1e-5)
      assertClose(curve.slope, slope, 1e-5)
      const { strength, from, to } = strengthFound(curve, 0.9)
      assertClose(strength, ninety.strength, 1e-5)
      assertClose(from, ninety.from, 1e-5)
      assertClose(to, ninety.to, 1e-5)
    })
  }

  it('has the chance asked for at the strength it names', () => {
    const curve = fitDetectionCurve(golden[0].trials)
    assert.ok(curve)
    for (const chance of [0.5, 0.9, 0.99]) {
      assertClose(chanceFound(curve, strengthFound(curve, chance).strength), chance, 1e-9)
    }
  })

  it('is none of one strength, nor where stronger is found less often', () => {
    assert.equal(fitDetectionCurve([]), undefined)
    assert.equal(fitDetectionCurve([{ strength: 2, runs: 20, found: 9 }]), undefined)
    const falling = [
      { strength: 1, runs: 20, found: 15 },
      { strength: 2, runs: 20, found: 4 },
    ]
    assert.equal(fitDetectionCurve(falling), undefined)
  })

  it('has intervals that hold the true strength nineteen times of twenty', () => {
    const random = createRandom(3)
    const [intercept, slope] = [-2, 3]
    const truth = Math.exp((Math.log(9) - intercept) / slope)
    let [held, curves] = [0, 0]
    for (let round = 0; round < 400; round++) {
      const trials = [0.7, 1.2, 2, 3.5, 6].map((strength) => {
        const chance = 1 / (1 + Math.exp(-intercept - slope * Math.log(strength)))
        let found = 0
        for (let run = 0; run < 40; run++) if (random.uniform() < chance) found++
        return { strength, runs: 40, found }
      })
      const curve = fitDetectionCurve(trials)
      if (curve === undefined) continue
      const { from, to } = strengthFound(curve, 0.9)
      curves++
      if (from <= truth && truth <= to) held++
    }
    assert.equal(curves, 400)
    // 95% of 400, four standard errors below and above.
    assert.ok(held >= 362 && held <= 397, `${held} of ${curves}`)
  })
})
