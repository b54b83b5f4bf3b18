import type { SideInputs } from '../images/index.ts'
import {
  type FeatureTable,
  type Representation,
  selectColumns,
  tableOf,
} from '../representations/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { combineRepresentations } from './combined-representation.ts'
import { measurePixels, pixelTransform } from './measure-pixels.ts'
import { isCategoryGroup } from './values/index.ts'

const MEASURED_AT_ONCE = 500

/** What these parts measure of many images, but for names such as the predicted class, which are no quantities. */
export async function measureQuantities(
  parts: readonly Representation[],
  pixels: Tensor,
  sideInputs: SideInputs = {},
): Promise<FeatureTable> {
  const transform = pixelTransform(combineRepresentations(parts))
  const values = await measurePixels(
    transform,
    { pixels, sideInputs },
    { atOnce: MEASURED_AT_ONCE },
  )
  return selectColumns(tableOf(transform.columns, values), ({ group }) => !isCategoryGroup(group))
}
