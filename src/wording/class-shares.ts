import type { CategoryEvidence, ClassShare } from '../verdict/index.ts'

/** The classes whose shares changed most, at most `most` of them: `'cat' 10% → 31%, 'dog' 12% → 3.1%`. */
export function describeShares({ shares }: Pick<CategoryEvidence, 'shares'>, most: number): string {
  const words = shares
    .map(({ index, name, reference, batch }) => ({
      // A number is no name to quote.
      name: name === null ? classTitle({ index, name }) : `'${name}'`,
      shares: [percent(reference), percent(batch)],
    }))
    .filter(({ shares: [before, now] }, i) => i === 0 || before !== now)
  return words
    .slice(0, most)
    .map(({ name, shares: [before, now] }) => `${name} ${before} → ${now}`)
    .join(', ')
}

/** A class by its name, or by its number where it has none. */
export function classTitle({ index, name }: Pick<ClassShare, 'index' | 'name'>): string {
  return name ?? `class ${index}`
}

/** Whole percents, tenths below 10%. */
function percent(share: number): string {
  const tenths = share > 0 && share < 0.0995
  return `${(100 * share).toFixed(tenths ? 1 : 0)}%`
}
