import type { FeatureColumn, FeatureGroup, PlaceMap } from '../../src/representations/index.ts'
import { kolmogorovSmirnovColumns } from '../protocol/kolmogorov-smirnov-columns.ts'
import { productTest } from '../protocol/product-test.ts'
import { type MapView, rowCount, type View } from '../window/view.ts'
import type { Measured } from './fitted-subject.ts'
import type { ColumnMoments } from './plain-statistics.ts'

/** What a rule may learn before it sees a batch. */
export type RuleReference = {
  readonly columns: readonly FeatureColumn[]
  readonly groups: readonly FeatureGroup[]
  readonly maps: readonly PlaceMap[]
  readonly reference: View
  /** What is at each place of the same images. */
  readonly places: MapView
  readonly plainMoments: ColumnMoments
}

/** The p-value of a batch; a rule without one answers 0 for an alarm and 1 for none. */
export type BatchTest = (batch: Measured, seed: number) => number

/** A way to decide whether a batch has drifted. */
export type Rule = {
  readonly name: string
  readonly title: string
  prepare(reference: RuleReference): BatchTest
}

/** The level that a detector has unless told otherwise. */
export const LEVEL = 0.01

/** What `check` computes, on features already measured. */
const CHECK: Rule = {
  name: 'check',
  title: 'pixeldrift as it comes',
  prepare: (reference) => windowTest(reference, reference.groups),
}

/** The product's own columns under a plain test: what is left is what its window test adds. */
const KS_ON_COLUMNS: Rule = {
  name: 'ks-columns',
  title: 'the same columns, each under Kolmogorov–Smirnov, Bonferroni',
  prepare: ({ reference }) => {
    const test = kolmogorovSmirnovColumns(reference)
    return ({ features }) => test(features)
  },
}

const SIGMAS = 3

/** A mean that lies three standard errors from what it was, in any of eleven plain statistics. */
const THREE_SIGMA: Rule = {
  name: 'three-sigma',
  title: 'eleven plain statistics of each image, three-sigma limits of their means',
  prepare:
    ({ plainMoments }) =>
    ({ plain }) => {
      const rows = rowCount(plain)
      const isOutside = plainMoments.some(({ mean, deviation }, column) => {
        let sum = 0
        for (let i = column; i < plain.values.length; i += plain.width) sum += plain.values[i]
        return Math.abs(sum / rows - mean) > (SIGMAS * deviation) / Math.sqrt(rows)
      })
      return isOutside ? 0 : 1
    },
}

const AUTOENCODER: readonly FeatureGroup[] = ['reconstruction', 'code']

/** The product's test on some groups of columns; where any is left out the outlier score is too, being made of all. */
export const ABLATIONS: readonly Rule[] = [
  without('no-outlier', 'without the outlier score', ['outlier']),
  without('no-autoencoder', '… and without the autoencoder', ['outlier', ...AUTOENCODER]),
  without('no-properties', '… and without the image properties', ['outlier', 'property']),
  without('no-places', '… and without the places of the frame', ['outlier', 'place']),
  without('no-witness', '… and without the signs of known changes', ['outlier', 'witness']),
  without('no-components', '… and without the principal components', ['outlier', 'component']),
  only('only-autoencoder', 'the autoencoder alone (loss and code)', AUTOENCODER),
  only('only-properties', 'the image properties alone', ['property']),
  only('only-components', 'the principal components alone', ['component']),
  only('only-places', 'the places of the frame alone', ['place']),
  only('only-witness', 'the signs of known changes alone', ['witness']),
  only('only-outlier', 'the outlier score alone', ['outlier']),
]

/** Every rule by name. */
export const RULES: readonly Rule[] = [CHECK, KS_ON_COLUMNS, THREE_SIGMA, ...ABLATIONS]

function without(name: string, title: string, gone: readonly FeatureGroup[]): Rule {
  return {
    name,
    title,
    prepare: (reference) =>
      windowTest(
        reference,
        reference.groups.filter((group) => !gone.includes(group)),
      ),
  }
}

function only(name: string, title: string, features: readonly FeatureGroup[]): Rule {
  return { name, title, prepare: (reference) => windowTest(reference, features) }
}

function windowTest(
  { columns, maps, reference, places: known }: RuleReference,
  groups: readonly FeatureGroup[],
): BatchTest {
  const test = productTest(reference, {
    columns,
    groups,
    places: { maps, values: known.values },
    level: LEVEL,
  })
  return ({ features, places }, seed) => test(features, seed, places)
}
