import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TwoSampleTest } from '../../evaluation/statistics/two-sample-test.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'

export type TwoSampleTestContract<Sample> = {
  readonly test: TwoSampleTest<Sample>
  /** A sample of the null, or of a plainly visible alternative. */
  readonly draw: (random: Random, shifted: boolean) => Sample
  /** Trials under the null; default 2000. */
  readonly trials?: number
  /** Share of each level that is reached at least; default 1. Ties and few orders leave less. */
  readonly attains?: number
}

/** What every two-sample test promises, whatever it looks at. */
export function describeTwoSampleTest<Sample>(
  name: string,
  { test, draw, trials = 2000, attains = 1 }: TwoSampleTestContract<Sample>,
): void {
  const pValues = (count: number, shifted: boolean): number[] => {
    const random = createRandom(77)
    return Array.from(
      { length: count },
      () => test(draw(random, false), draw(random, shifted)).pValue,
    )
  }

  describe(`two-sample test ${name}`, () => {
    const uniform =
      attains === 1 ? 'uniform' : `uniform, or larger down to ${attains} of the level,`
    it(`gives p-values in (0, 1] that are ${uniform} under the null`, () => {
      const values = pValues(trials, false)
      assert.ok(values.every((p) => p > 0 && p <= 1))
      for (const level of [0.01, 0.05, 0.2, 0.5]) {
        const rate = values.filter((p) => p <= level).length / trials
        // Three standard errors: a valid test fails here once in a few hundred seeds.
        const slack = (share: number) => 3 * Math.sqrt((share * (1 - share)) / trials)
        assert.ok(rate <= level + slack(level), `rejected ${rate} at ${level}`)
        const least = attains * level
        assert.ok(rate >= least - slack(least), `rejected only ${rate} at ${level}`)
      }
    })

    it('rejects a plainly visible shift at 0.05', () => {
      assert.ok(pValues(20, true).filter((p) => p <= 0.05).length >= 19)
    })

    it('gives the same result for the same samples', () => {
      const random = createRandom(5)
      const first = draw(random, false)
      const second = draw(random, true)
      assert.deepEqual(test(first, second), test(first, second))
    })
  })
}
