import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type InjectedRuns, type Injection, rehearseChange } from '../../../src/judging/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import type { RehearsalTrial } from '../../../src/verdict/index.ts'

const settings = {
  batchSize: 100,
  falseAlarmEvery: 100_000,
  within: 1000,
  shares: [1, 0.1],
  runs: 20,
  seed: 4,
}

type Chance = (injection: Injection) => number

/** Runs that find a change with the chance told. */
function runsOf(stream: Chance, batches: Chance) {
  const asked: (Injection & { readonly way: string })[] = []
  const way = (name: 'stream' | 'batches', chance: Chance) => (injection: Injection) => {
    asked.push({ ...injection, way: name })
    const random = createRandom(injection.seed)
    const { strength, runs } = injection
    let found = 0
    for (let i = 0; i < runs; i++) if (random.uniform() < chance(injection)) found++
    return { strength, runs, found, images: Math.round(100 / strength) } satisfies RehearsalTrial
  }
  const runs: InjectedRuns = { stream: way('stream', stream), batches: way('batches', batches) }
  return { asked, runs }
}

const logistic =
  (middle: number, slope: number): Chance =>
  ({ strength }) =>
    1 / (1 + Math.exp(-slope * Math.log(strength / middle)))

const change = {
  name: 'darker',
  title: 'darker by {}%',
  scale: 'rising' as const,
  from: 1,
  to: 100,
  measureAt: async (strength: number) => ({ values: Float32Array.of(strength) }),
}

describe('rehearsing a change', () => {
  it('names the strength that is found in nine of ten, and how soon it is', async () => {
    const { runs } = runsOf(logistic(5, 4), () => 1)
    const { shares, ...described } = await rehearseChange(change, runs, settings)
    assert.deepEqual(described, { name: 'darker', title: 'darker by {}%', scale: 'rising' })
    assert.deepEqual(
      shares.map(({ share }) => share),
      [1, 0.1],
    )
    const truth = 5 * 9 ** (1 / 4)
    for (const { stream } of shares) {
      const { smallest, images } = stream
      assert.ok(smallest.kind === 'found')
      assert.ok(smallest.from < truth && truth < smallest.to, JSON.stringify(smallest))
      assert.ok(smallest.to / smallest.from < 3, JSON.stringify(smallest))
      const nearest = stream.trials.toSorted(
        (a, b) =>
          Math.abs(Math.log(a.strength / smallest.strength)) -
          Math.abs(Math.log(b.strength / smallest.strength)),
      )[0]
      assert.equal(images, nearest.images)
    }
  })

  it('tries eight strengths evenly by their logarithms, the strongest first, on rows measured at them', async () => {
    const { runs, asked } = runsOf(
      () => 1,
      () => 1,
    )
    const { shares } = await rehearseChange(change, runs, { ...settings, shares: [0.5] })
    const strengths = Array.from({ length: 8 }, (_, i) => 100 ** ((7 - i) / 7))
    for (const way of ['stream', 'batches'] as const) {
      const { trials } = shares[0][way]
      assert.deepEqual(
        trials.map(({ strength }) => strength.toFixed(9)),
        strengths.map((strength) => strength.toFixed(9)),
      )
    }
    for (const { strength, changed, share, runs: times } of asked) {
      assert.equal(changed.values[0], Math.fround(strength))
      assert.equal(share, 0.5)
      assert.equal(times, 20)
    }
    assert.equal(new Set(asked.map(({ seed }) => seed)).size, asked.length)
  })

  it('says what is found however weak, and what is never found', async () => {
    const { runs } = runsOf(
      () => 1,
      ({ strength }) => (strength > 60 ? 0.5 : 0),
    )
    const { shares } = await rehearseChange(change, runs, settings)
    assert.deepEqual(shares[0].stream.smallest, { kind: 'always', strength: 1 })
    const { smallest, images } = shares[0].batches
    assert.ok(smallest.kind === 'never')
    assert.equal(smallest.strength, 100)
    assert.ok(smallest.share > 0.2 && smallest.share < 0.8)
    const [strongest] = shares[0].batches.trials
    assert.equal(smallest.share, strongest.found / strongest.runs)
    assert.equal(images, null)
  })

  it('tries no weaker ones once two were hardly found', async () => {
    const { runs } = runsOf(
      ({ strength }) => (strength > 20 ? 1 : 0),
      () => 0,
    )
    const { shares } = await rehearseChange(change, runs, settings)
    const tried = shares[0].stream.trials.map(({ found, runs: times }) => found / times)
    // Three coarse steps found, two not, and between them one eighth of a step after another.
    assert.deepEqual(
      tried,
      [1, 1, 1, 1, 0, 1, 0, 0].toSorted((a, b) => b - a),
    )
    assert.equal(shares[0].batches.trials.length, 2)
  })

  it('takes three of twenty for hardly, four not', async () => {
    const triedWhere = async (found: number) => {
      const each = ({ strength, runs }: Injection): RehearsalTrial => ({
        strength,
        runs,
        found: Math.round((found * runs) / 20),
        images: null,
      })
      const { shares } = await rehearseChange(change, { stream: each, batches: each }, settings)
      return shares[0].stream.trials.length
    }
    assert.deepEqual([await triedWhere(3), await triedWhere(4)], [2, 8])
  })

  it('halves the way between what is found and what is not until an eighth of a step is left', async () => {
    const limit = 30
    const { runs } = runsOf(
      ({ strength }) => (strength >= limit ? 1 : 0),
      () => 1,
    )
    const { shares } = await rehearseChange(change, runs, { ...settings, shares: [1] })
    const { smallest, trials } = shares[0].stream
    const found = trials.filter((trial) => trial.found > 0)
    const [weakest] = found.slice(-1)
    const next = trials[found.length]
    assert.ok(next.strength < limit && limit <= weakest.strength)
    assert.ok(Math.abs(Math.log(weakest.strength / next.strength) - Math.log(100) / 56) < 1e-9)
    assert.equal(trials.filter(({ runs: times }) => times === 40).length, 3)
    assert.ok(smallest.kind === 'found')
    assert.ok(smallest.strength > next.strength / 1.1 && smallest.strength < 1.1 * weakest.strength)
  })

  it('names what is found in nine of ten, over many kinds', async () => {
    let sum = 0
    const rounds = 60
    for (let round = 0; round < rounds; round++) {
      const middle = 2 + round / 3
      const chance = logistic(middle, 3 + (round % 5))
      const { runs } = runsOf(chance, () => 1)
      const { shares } = await rehearseChange(change, runs, {
        ...settings,
        shares: [1],
        seed: 31 * round,
      })
      const { smallest } = shares[0].stream
      assert.ok(smallest.kind === 'found')
      sum += chance({ strength: smallest.strength } as Injection)
    }
    assert.ok(Math.abs(sum / rounds - 0.9) < 0.03, `${sum / rounds}`)
  })
})
