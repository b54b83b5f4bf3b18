import type { CategoryEffect } from '../statistics/index.ts'
import type { CategoryEvidence, ClassShare, FeatureEvidence } from './verdict.ts'

/** What a predicted class is called. */
function classNameOf(names: readonly string[] | undefined, index: number): string {
  return names?.[index] ?? `class ${index}`
}

/** The classes by name, largest difference first. */
export function nameShares(
  shares: CategoryEffect['shares'],
  names: readonly string[] | undefined,
): ClassShare[] {
  return shares
    .map(({ category, reference, window }) => ({
      index: category,
      name: classNameOf(names, category),
      reference,
      batch: window,
    }))
    .toSorted((a, b) => gapOf(b) - gapOf(a) || a.index - b.index)
}

function gapOf({ reference, batch }: ClassShare): number {
  return Math.abs(batch - reference)
}

/** How far a feature's two distributions are apart, in [0, 1]: of quantities and of categories. */
export function distanceOf(feature: FeatureEvidence): number {
  return feature.kind === 'category' ? feature.totalVariation : feature.kolmogorovSmirnov
}

/** The classes whose shares changed most, at most `most` of them: `'cat' 10% → 31%, 'dog' 12% → 3%`. */
export function describeShares({ shares }: CategoryEvidence, most: number): string {
  const words = shares
    .map(({ index, name, reference, batch }) => ({
      // A class without a name is called by its number, which is no name to quote.
      name: name === `class ${index}` ? name : `'${name}'`,
      shares: [percent(reference), percent(batch)],
    }))
    .filter(({ shares: [before, now] }, i) => i === 0 || before !== now)
  return words
    .slice(0, most)
    .map(({ name, shares: [before, now] }) => `${name} ${before} → ${now}`)
    .join(', ')
}

/** Whole percents, tenths below 10%. */
function percent(share: number): string {
  const tenths = share > 0 && share < 0.0995
  return `${(100 * share).toFixed(tenths ? 1 : 0)}%`
}
