import { createRandom } from '../../src/tensor/index.ts'
import { LEVEL } from '../fitted/rules.ts'
import { productTest } from '../protocol/product-test.ts'
import { jointShift } from '../statistics/joint-shift.ts'
import { seedOf } from '../window/seed-of.ts'
import { joinMapViews, mapViewRows, rowCount, type View, viewRows } from '../window/view.ts'
import type { ContentOptions, ContentSet, ContentSubject } from './content-subject.ts'

/** How often batches of a size and share alarmed, by the product and by the product with one more statistic. */
export type ContentCounts = {
  readonly size: number
  readonly share: number
  readonly batches: number
  readonly product: number
  readonly joint: number
}

export type ContentRequest = ContentOptions & {
  readonly sizes: readonly number[]
  readonly batches: number
}

/** Shares of a batch that are of the class left out; 0 counts false alarms. */
const SHARES = [0, 0.1, 0.25, 0.5]

/** Groups of columns that are learned and count alike, so that they may be added up. */
const JOINT_GROUPS: ReadonlySet<string> = new Set(['code', 'component', 'classifier'])

/** Every size and share on the same batches, whatever the detector knows. */
export function countContent(
  { columns, groups, maps, reference, known, foreign }: ContentSubject,
  { leftOut, seed, sizes, batches }: ContentRequest,
): ContentCounts[] {
  const places = { maps, values: reference.places.values }
  const product = productTest(reference.features, { columns, groups, places, level: LEVEL })
  const joint = jointTest(columns, reference.features)
  return sizes.flatMap((size) =>
    SHARES.map((share): ContentCounts => {
      const counts = { size, share, batches, product: 0, joint: 0 }
      for (let i = 0; i < batches; i++) {
        const own = seedOf('content', leftOut, seed, size, share, i)
        const batch = drawBatch({ known, foreign }, { size, share, seed: own })
        const pValue = product(batch.features, own, batch.places)
        const both = pValue <= LEVEL / 2 ? pValue : Math.min(pValue, joint(batch.features, own))
        if (pValue <= LEVEL) counts.product++
        // Bonferroni over two tests: never more false alarms than stated.
        if (2 * both <= LEVEL) counts.joint++
      }
      return counts
    }),
  )
}

function jointTest(
  columns: ContentSubject['columns'],
  reference: View,
): (batch: View, seed: number) => number {
  const places = columns.map(({ group }, place) => ({ group, place }))
  const chosen = places.filter(({ group }) => JOINT_GROUPS.has(group))
  const groups = [...Map.groupBy(chosen, ({ group }) => group).values()].map((own) =>
    own.map(({ place }) => place),
  )
  return (batch, seed) =>
    jointShift(reference.values, batch.values, {
      columnCount: columns.length,
      groups,
      random: createRandom(seed),
    })
}

function drawBatch(
  { known, foreign }: Pick<ContentSubject, 'known' | 'foreign'>,
  { size, share, seed }: { readonly size: number; readonly share: number; readonly seed: number },
): ContentSet {
  const random = createRandom(seed)
  const count = Math.round(share * size)
  const ordinary = random.sample(rowCount(known.features), size - count)
  const others = random.sample(rowCount(foreign.features), count)
  return {
    features: joinViews(viewRows(known.features, ordinary), viewRows(foreign.features, others)),
    places: joinMapViews(mapViewRows(known.places, ordinary), mapViewRows(foreign.places, others)),
  }
}

function joinViews(first: View, rest: View): View {
  const values = new Float32Array(first.values.length + rest.values.length)
  values.set(first.values)
  values.set(rest.values, first.values.length)
  return { width: first.width, values }
}
