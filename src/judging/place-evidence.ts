import {
  type FeatureGroup,
  isMapGroup,
  type Measurements,
  type PlaceMap,
} from '../measuring/values/index.ts'
import { mapMoments, type OmnibusMapResult, placeDifferences } from '../statistics/index.ts'
import type { PlaceEvidence } from '../verdict/index.ts'
import type { BaselineNumbers } from './baseline.ts'
import type { FeatureTest } from './window-test.ts'

/** Whether maps of the frame alarmed: not at all, among others, or nothing else did. */
export type PlacesInAlarm = 'none' | 'among others' | 'alone'

/** Of the groups that alarmed at a level. */
export function placesInAlarm({ groups }: FeatureTest, level: number): PlacesInAlarm {
  const alarmed = groups.filter(({ adjustedPValue }) => adjustedPValue <= level)
  const placed = alarmed.filter(({ name }) => isMapGroup(name as FeatureGroup))
  if (placed.length === 0) return 'none'
  return placed.length < alarmed.length ? 'among others' : 'alone'
}

/** Adjusted over everything tested, a map above this has nothing to show. */
const SHOWN = 0.05

/** Where in the frame the batch differs, by each of the maps, the surest first; nothing where none were compared. */
export function placesOf(
  { maps }: Pick<BaselineNumbers, 'maps'>,
  { places, images }: Pick<Measurements, 'places' | 'images'>,
  { maps: results, comparison: { prepared } }: FeatureTest,
): PlaceEvidence[] | undefined {
  if (maps === undefined || places === undefined || results.length === 0) return undefined
  if (!results.some(({ adjustedPValue }) => adjustedPValue <= SHOWN)) {
    return results.map((result) => describeMap(maps[result.map], result, null))
  }
  const differences = placeDifferences({
    moments: mapMoments(prepared),
    window: places,
    rows: { window: images.length, reference: prepared.rows },
  })
  let start = 0
  const own = maps.map(({ rows, columns }) =>
    differences.subarray(start, (start += rows * columns)),
  )
  return results
    .map((result) => describeMap(maps[result.map], result, own[result.map]))
    .toSorted((a, b) => a.adjustedPValue - b.adjustedPValue || b.statistic - a.statistic)
}

// oxlint-disable-next-line eslint/max-params -- three values
function describeMap(
  { name, title, rows, columns }: PlaceMap,
  { statistic, pValue, adjustedPValue }: OmnibusMapResult,
  differences: Float32Array | null,
): PlaceEvidence {
  const isShown = differences !== null && adjustedPValue <= SHOWN
  return {
    name,
    title,
    rows,
    columns,
    statistic,
    pValue,
    adjustedPValue,
    differences: isShown ? Array.from(differences, (one) => Math.round(100 * one) / 100) : null,
  }
}
