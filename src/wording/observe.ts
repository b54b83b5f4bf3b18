import type { FeatureEvidence, QuantityEvidence } from '../verdict/index.ts'
import { growth, isExplained, type Scene, type Way, wayOf } from './explanations.ts'
import { HIDDEN } from './hidden-sights.ts'
import { SEEN } from './seen-sights.ts'
import type { Column, Sight } from './sight.ts'

/** All sights, in the order in which equally strong ones are told. */
export const SIGHTS: readonly Sight[] = [...SEEN, ...HIDDEN]

/** Something a person would see, or only software would, and the feature that shows it most. */
export type Observation = {
  readonly name: string
  readonly kind: Sight['kind']
  readonly way: Way
  /** Follows “the images …”. */
  readonly predicate: string
  readonly cause: string | undefined
  /** Next to nothing is left of it. */
  readonly isGone: boolean
  readonly feature: QuantityEvidence
  readonly column: Column
  /** Largest gap between the distributions of any of its features, in [0, 1]. */
  readonly strength: number
}

/** What is seen, but so much weaker than the strongest change, comes after the traces of software. */
const FAINT = 0.25

/** What can be said of these features: what is seen first, each kind by strength; what something else explains is left out. */
export function observe(features: readonly FeatureEvidence[]): Observation[] {
  const quantities = features.filter((feature) => feature.kind === 'quantity')
  const byName = new Map(quantities.map((feature) => [feature.name, feature]))
  const all = new Map(
    SIGHTS.flatMap((sight) => lookFor(sight, byName) ?? []).map((one) => [one.name, one]),
  )
  const scene: Scene = { features: byName, sights: all }
  const told = [...all.values()].filter((one) => !isExplained(one, scene))
  const strongest = Math.max(0, ...told.map(({ strength }) => strength))
  const rankOf = ({ kind, isGone, strength }: Observation): number => {
    if (kind === 'abstract') return 4
    if (kind === 'processing') return 2
    return isGone ? 0 : strength < strongest * FAINT ? 3 : 1
  }
  return told.toSorted((a, b) => rankOf(a) - rankOf(b) || byStrength(a, b))
}

/** Of a sight's features that went a way it has words for, the first that changed about as much as any. */
function lookFor(
  sight: Sight,
  features: ReadonlyMap<string, QuantityEvidence>,
): Observation | undefined {
  const { columns, name: sightName, kind, cause } = sight
  const found = columns.flatMap((column) => {
    const feature = features.get(column[0])
    const way = feature && wayOf(feature)
    if (feature === undefined || way === undefined) return []
    const isGone = way === 'down' && sight.gone !== undefined && isNextToNothing(feature)
    const predicate = isGone ? sight.gone : soften(sight[way], feature)
    return predicate === undefined
      ? []
      : [{ name: sightName, kind, cause, way, predicate, isGone, feature, column }]
  })
  const most = Math.max(...found.map(({ feature }) => feature.kolmogorovSmirnov))
  const quoted = found.find(({ feature }) => feature.kolmogorovSmirnov >= ABOUT * most)
  if (quoted === undefined) return undefined
  const also = (sight.also ?? []).flatMap((name) => features.get(name) ?? [])
  const isClear = Math.abs(quoted.feature.hedgesG) >= SMALL_EFFECT
  const alike = also.filter((feature) => isClear && wayOf(feature) === quoted.way)
  const strength = Math.max(most, ...alike.map(({ kolmogorovSmirnov }) => kolmogorovSmirnov))
  return { ...quoted, strength }
}

/** A smaller difference of means, in standard deviations, is no clear one. */
const SMALL_EFFECT = 0.2

/** Features are as strong as the strongest from this share of it on. */
const ABOUT = 0.7

/** Less than this share of the reference's is next to nothing. */
const NEXT_TO_NOTHING = 0.1

/** A change of the mean by less than this is slight, however sure. */
const SLIGHT = 0.05

function soften(predicate: string | undefined, feature: QuantityEvidence): string | undefined {
  const grown = Math.abs(growth(feature))
  return grown > 0 && grown < SLIGHT
    ? predicate?.replace(
        /^(are|have)(?= (?!other)(\w+er|more|less|blurred)\b(?! or))/,
        '$1 slightly',
      )
    : predicate
}

function isNextToNothing({ referenceMean, batchMean }: QuantityEvidence): boolean {
  return batchMean < NEXT_TO_NOTHING * referenceMean
}

/** Stronger first, to a tenth; then by the feature that is quoted alone; then in the order of the table. */
function byStrength(a: Observation, b: Observation): number {
  return (
    Math.round(10 * b.strength) - Math.round(10 * a.strength) ||
    Math.round(10 * b.feature.kolmogorovSmirnov) - Math.round(10 * a.feature.kolmogorovSmirnov) ||
    ORDER.indexOf(a.name) - ORDER.indexOf(b.name)
  )
}

const ORDER = SIGHTS.map(({ name }) => name)
