import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Baseline, completePolicy, createBaseline, judge } from '../../../src/judging/index.ts'
import { findRepeats } from '../../../src/judging/repeats/find-repeats.ts'
import {
  type FeatureColumn,
  type Measurements,
  noMeasurements,
  sumExactly,
} from '../../../src/measuring/values/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

const COMPONENTS = 10
const named = (name: string, group: FeatureColumn['group']): FeatureColumn => ({
  name,
  group,
  title: name,
})
const columns = [
  ...Array.from({ length: COMPONENTS }, (_, i) => named(`component-${i + 1}`, 'component')),
  named('loss', 'reconstruction'),
  named('excess-loss', 'reconstruction'),
  named('unusual', 'outlier'),
]
const WIDTH = columns.length
const LOSS = COMPONENTS

/** An image of normal numbers, as unusual as its first number is large. */
function image(random: Random): number[] {
  const row = Array.from({ length: WIDTH }, () => random.normal())
  row[WIDTH - 1] = row[0]
  return row
}

const images = (count: number, seed: number) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => image(random))
}

/** The same picture with other noise. */
const noisy = (row: readonly number[], random: Random) =>
  row.map((value, k) => (k < COMPONENTS ? value + 0.02 * random.normal() : value))

const REFERENCE = 400
const table = { columns, rows: REFERENCE, values: Float32Array.from(images(REFERENCE, 1).flat()) }

type Known = {
  readonly reference?: readonly number[]
  readonly learned?: readonly number[]
  /** Copies of held-out images that were among those to learn from. */
  readonly copies?: number
}

function baselineOf(known: Known = {}, of = table): Baseline {
  const { reference = [], learned = [], copies } = known
  return {
    ...createBaseline(of),
    id: 'b',
    extractorId: 'e',
    settings: {
      columns,
      features: ['component', 'reconstruction'],
      seed: 3,
      counts: {
        available: 0,
        training: 0,
        validation: 0,
        reference: REFERENCE,
        skipped: 0,
        copies,
      },
      neededOutputs: {},
    } as unknown as Baseline['settings'],
    known: {
      learned: Float64Array.from(learned).toSorted(),
      reference: Float64Array.from([
        ...reference,
        ...Array.from({ length: REFERENCE - reference.length }, (_, i) => -1 - i),
      ]).toSorted(),
    },
  }
}

const baseline = baselineOf()
const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })

/** Images with the hashes that are given, else each with its own. */
function batchOf(
  rows: readonly (readonly number[])[],
  hashes: readonly number[] = rows.map((_, i) => 1000 + i),
): Measurements {
  return {
    ...noMeasurements({ extractorId: 'e', columns }),
    images: hashes.map((hash, i) => ({ record: { id: `${i}.png` }, place: 2 * i, hash })),
    values: Float32Array.from(rows.flat()),
    loss: sumExactly(rows.map((row) => Math.fround(row[LOSS]))),
    count: rows.length,
  }
}

/** A batch in which image i is a copy of image `of(i)`. */
const copiesOf = (count: number, of: (i: number) => number, seed = 2) => {
  const rows = images(count, seed)
  const sources = rows.map((_, i) => of(i))
  return batchOf(
    sources.map((i) => rows[i]),
    sources.map((i) => 1000 + i),
  )
}

const find = (batch: Measurements, against = baseline) => findRepeats(batch, against, policy)

describe('images that repeat others', () => {
  it('are none among different images', () => {
    const batch = batchOf(images(300, 2))
    const { different, repeats, copies } = find(batch)
    assert.equal(different, batch)
    assert.deepEqual([repeats, copies], [undefined, 0])
  })

  it('are found by their pixels; of each the first is left for the statistics', () => {
    const batch = copiesOf(100, (i) => (i < 97 ? 0 : i))
    const { different, repeats, copies } = find(batch)
    assert.equal(copies, 96)
    assert.deepEqual(repeats, {
      kind: 'frozen',
      images: 97,
      of: 100,
      different: 4,
      isNear: false,
      again: 96,
      leftOut: 96,
      areMany: true,
      shown: [{ id: '0.png', place: 0 }],
    })
    assert.deepEqual(
      different.images.map(({ place }) => place),
      [0, 194, 196, 198],
    )
    assert.deepEqual(
      [...different.values],
      [0, 97, 98, 99].flatMap((row) =>
        Array.from(batch.values.subarray(row * WIDTH, (row + 1) * WIDTH)),
      ),
    )
    assert.equal(different.count, 4)
    assert.deepEqual(
      different.loss,
      sumExactly([0, 97, 98, 99].map((row) => batch.values[row * WIDTH + LOSS])),
    )
  })

  it('are found with other noise too, one by one, in turn or each twice', () => {
    const kindsOf = (count: number, of: (i: number) => number) => {
      const random = createRandom(9)
      const rows = images(count, 5)
      const { repeats, copies } = find(batchOf(rows.map((_, i) => noisy(rows[of(i)], random))))
      assert.deepEqual([repeats?.isNear, copies], [true, 0])
      return repeats && [repeats.kind, repeats.images, repeats.different]
    }
    assert.deepEqual(
      kindsOf(60, () => 0),
      ['frozen', 60, 1],
    )
    assert.deepEqual(
      kindsOf(60, (i) => i % 3),
      ['loop', 60, 3],
    )
    assert.deepEqual(
      kindsOf(60, (i) => i >> 1),
      ['each', 60, 30],
    )
    assert.deepEqual(
      kindsOf(60, (i) => i % 30),
      ['each', 60, 30],
    )
    assert.deepEqual(
      kindsOf(60, (i) => (i < 36 ? i >> 2 : i)),
      ['some', 27, 33],
    )
  })

  it('are found where some are exact and others nearly the same', () => {
    const random = createRandom(9)
    const [first, ...rest] = images(41, 6)
    const frozen = Array.from({ length: 60 }, (_, i) =>
      i % 2 === 0 ? first : noisy(first, random),
    )
    const hashes = frozen.map((_, i) => (i % 2 === 0 ? 7 : 500 + i))
    const { repeats, copies } = find(
      batchOf([...frozen, ...rest], [...hashes, ...rest.map((_, i) => 100 + i)]),
    )
    assert.equal(copies, 29)
    assert.deepEqual(
      [repeats?.kind, repeats?.images, repeats?.again, repeats?.isNear],
      ['frozen', 60, 59, true],
    )
  })

  it('are told to be many by the policy', () => {
    const areMany = (again: number, threshold: number) =>
      findRepeats(
        copiesOf(100, (i) => (i <= again ? 0 : i)),
        baseline,
        { ...policy, manyRepeats: threshold },
      ).repeats?.areMany
    assert.deepEqual([areMany(5, 0.05), areMany(6, 0.05), areMany(6, 0.1)], [false, true, false])
  })

  it('are shown by the eight that came most often', () => {
    const sizes = [2, 3, 4, 5, 6, 7, 8, 9, 10]
    const sources = sizes.flatMap((size, i) => Array.from({ length: size }, () => i))
    const { repeats } = find(copiesOf(sources.length, (i) => sources[i]))
    const firsts = sizes.map((_, i) => sources.indexOf(i))
    assert.deepEqual(
      repeats?.shown.map(({ place }) => place / 2),
      firsts.toReversed().slice(0, 8),
    )
  })
})

describe('images that repeat others by nature', () => {
  const twice = copiesOf(40, (i) => i - (i % 2 === 1 && i < 20 ? 1 : 0))

  it('stay where the reference has as many copies', () => {
    // A quarter of the batch came before; in the reference so many have a copy.
    const copies = Array.from({ length: 100 }, (_, i) => 5000 + (i >> 1))
    const { different, repeats, copies: counted } = find(twice, baselineOf({ reference: copies }))
    assert.equal(different, twice)
    assert.deepEqual([repeats, counted], [undefined, 10])
    assert.equal(find(twice, baselineOf({ reference: copies.slice(0, 8) })).repeats?.again, 10)
  })

  it('stay where copies of as many held-out images were kept out of the learning', () => {
    assert.equal(find(twice, baselineOf({ copies: 100 })).repeats, undefined)
    assert.equal(find(twice, baselineOf({ copies: 8 })).repeats?.again, 10)
  })

  it('stay where the image recurs as often, black frames for one, and not where it recurs more', () => {
    const black = 1000
    const known = baselineOf({ reference: Array.from({ length: 40 }, () => black) })
    // A tenth of the reference is black. Of 100 images 19 may be, by three standard errors.
    const others = (i: number) => (i >= 40 && i < 80 ? i - (i % 2) : i)
    const found = (count: number) =>
      find(
        copiesOf(100, (i) => (i < count ? 0 : others(i))),
        known,
      ).repeats
    assert.deepEqual([found(19)?.again, found(19)?.leftOut], [20, 20])
    // Named then; but as the reference has it again and again, more of it is a change as any other.
    assert.deepEqual([found(20)?.again, found(20)?.leftOut], [39, 20])
  })

  it('stay where the reference has as many that are nearly the same', () => {
    const random = createRandom(4)
    const rows = images(REFERENCE / 2, 1)
    const pairs = [...rows, ...rows.map((row) => noisy(row, random))]
    const bursts = baselineOf({}, { ...table, values: Float32Array.from(pairs.flat()) })
    const own = images(50, 7)
    const batch = batchOf([...own, ...own.map((row) => noisy(row, random))])
    assert.equal(find(batch, bursts).repeats, undefined)
    assert.equal(find(batch).repeats?.kind, 'each')
  })

  it('may be a few that are nearly the same where none of the reference is', () => {
    const random = createRandom(4)
    const near = (pairs: number, manyRepeats = 0) => {
      const rows = images(100, 8)
      const batch = batchOf(rows.map((row, i) => (i < pairs ? noisy(rows[99 - i], random) : row)))
      return findRepeats(batch, baseline, { ...policy, manyRepeats }).repeats
    }
    // 100 images of a rate of 3 in 400 are 0.75, and three standard errors more are 3.3.
    assert.equal(near(3), undefined)
    assert.equal(near(4)?.again, 4)
    // Nor is it said of few.
    assert.equal(near(5, 0.05), undefined)
    assert.equal(near(6, 0.05)?.again, 6)
  })

  it('are not looked for by what is learned where that is little', () => {
    const few = columns.slice(COMPONENTS - 7)
    const narrow = (rows: readonly (readonly number[])[]) =>
      Float32Array.from(rows.flatMap((row) => row.slice(COMPONENTS - 7)))
    const little = baselineOf(
      {},
      { columns: few, rows: REFERENCE, values: narrow(images(REFERENCE, 1)) },
    )
    const rows = Array.from({ length: 20 }, () => images(1, 3)[0])
    const batch = { ...batchOf(rows), columns: few, values: narrow(rows) }
    assert.equal(find(batch, little).repeats, undefined)
  })
})

describe('a batch whose images repeat each other', () => {
  const verdict = (batch: Measurements) => judge(baseline, batch, policy, { seed: 1 })

  it('is a warning and no drift where its different images look like the reference', () => {
    const { severity, repeats, tested, recognised } = verdict(copiesOf(100, (i) => i >> 1))
    assert.deepEqual([severity, repeats?.kind, repeats?.times], ['warning', 'each', 2])
    assert.deepEqual([tested.images, tested.of, recognised.copies], [50, 50, 50])
  })

  it('is a warning where too few different images are left to judge, and not enough data where there were too few', () => {
    const frozen = verdict(copiesOf(100, () => 0))
    assert.deepEqual(
      [frozen.severity, frozen.pValue, frozen.scoreBasis, frozen.tested.images],
      ['warning', null, 'none', 1],
    )
    const few = verdict(copiesOf(4, () => 0))
    assert.deepEqual([few.severity, few.repeats?.kind], ['insufficient-data', 'frozen'])
  })

  it('is ok where few do, and they are said', () => {
    const { severity, repeats } = verdict(copiesOf(100, (i) => (i === 1 ? 0 : i)))
    assert.deepEqual([severity, repeats?.kind, repeats?.areMany], ['ok', 'some', false])
  })

  it('has drifted where the image that came again is unlike the reference, as often as it came', () => {
    const black = Array.from({ length: WIDTH }, () => 9)
    const rows = images(100, 2).map((row, i) => (i < 60 ? black : row))
    const batch = batchOf(
      rows,
      rows.map((_, i) => (i < 60 ? 5 : 100 + i)),
    )
    const { severity, repeats, tested } = verdict(batch)
    assert.deepEqual(
      [severity, repeats?.kind, repeats?.leftOut, tested.images],
      ['drift', 'frozen', 0, 100],
    )
  })

  it('leaves out copies of an image that is rare, but not as rare as the level', () => {
    // The fifth of 400 in unusualness: five in 401 are at least as unusual, with itself six.
    const fifth = baseline.sortedScores.at(-5) ?? 0
    const leftOut = (score: number, rate: number) => {
      const rare = [...Array.from({ length: WIDTH - 1 }, () => 0.1), score]
      const rows = images(100, 2).map((row, i) => (i < 60 ? rare : row))
      const hashes = rows.map((_, i) => (i < 60 ? 5 : 100 + i))
      return findRepeats(batchOf(rows, hashes), baseline, {
        ...policy,
        kind: 'false-alarm-rate',
        rate,
      }).repeats?.leftOut
    }
    assert.deepEqual([leftOut(fifth, 0.014), leftOut(fifth, 0.016)], [59, 0])
    // Beyond all of the reference there is no rarer.
    assert.equal(leftOut(100, 1e-6), 0)
  })

  it('is drawn from others and may repeat them as it likes, where that is said', () => {
    const { repeats, tested, recognised } = judge(
      baseline,
      copiesOf(100, (i) => i >> 1),
      policy,
      {
        areRedrawn: true,
      },
    )
    assert.deepEqual([repeats, tested.images, recognised.copies], [undefined, 100, 0])
  })
})
