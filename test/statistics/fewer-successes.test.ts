import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fewerThanChance, fewerThanOthers, logBinomial } from '../../src/statistics/index.ts'
import { assertClose } from './golden.ts'

type Row = readonly number[]
const { chances, others } = JSON.parse(
  readFileSync(new URL('../golden/fewer-successes.json', import.meta.url), 'utf8'),
) as { readonly chances: readonly Row[]; readonly others: readonly Row[] }

test('the chance of so few successes agrees with SciPy’s binomial test', () => {
  for (const [successes, trials, chance, pValue] of chances) {
    assertClose(fewerThanChance({ successes, trials }, chance), pValue)
  }
})

test('the chance of so few successes beside others agrees with SciPy’s test of Fisher', () => {
  for (const [successes, trials, ...rest] of others) {
    const [marked, all, pValue] = rest
    const found = fewerThanOthers({ successes, trials }, { successes: marked, trials: all })
    assertClose(found, pValue)
  }
})

test('of all counts of one chance no more than the level are few, whatever the chance', () => {
  const [level, trials] = [0.05, 30]
  const counts = Array.from({ length: trials + 1 }, (_, successes) => successes)
  for (const chance of [0.1, 0.5, 0.85, 0.97, 1]) {
    const chanceOf = (successes: number) => Math.exp(logBinomial(successes, trials, chance))
    let [alone, besideOthers] = [0, 0]
    for (const successes of counts) {
      const own = { successes, trials }
      if (fewerThanChance(own, chance) <= level) alone += chanceOf(successes)
      for (const other of counts) {
        const pValue = fewerThanOthers(own, { successes: other, trials })
        if (pValue <= level) besideOthers += chanceOf(successes) * chanceOf(other)
      }
    }
    assert.ok(alone <= level && besideOthers <= level, `${alone}, ${besideOthers} at ${chance}`)
  }
})
