import type { FeatureColumn } from '../representation.ts'
import { property } from './property.ts'

/** Where the image is bright and how far its content reaches; borders, symmetry, rows and columns. */
export const layoutColumns: readonly FeatureColumn[] = [
  property('border-mean', 'brightness of the border'),
  property('border-std', 'unevenness of the border'),
  property('center-x', 'centre of brightness, towards the right (share of the width)'),
  property('center-y', 'centre of brightness, towards the bottom (share of the height)'),
  property('spread-x', 'width of the bright area (share of the width)'),
  property('spread-y', 'height of the bright area (share of the height)'),
  property('slant', 'slant of the bright area (from top left to bottom right is positive)'),
  property('content-left', 'left edge of the content (share of the width)'),
  property('content-right', 'right edge of the content (share of the width)'),
  property('content-top', 'top edge of the content (share of the height)'),
  property('content-bottom', 'bottom edge of the content (share of the height)'),
  property('asymmetry-x', 'difference between the image and its left-right mirror image'),
  property('asymmetry-y', 'difference between the image and its up-down mirror image'),
  property('row-peak', 'brightest row (mean of its pixels)'),
  property('column-peak', 'brightest column (mean of its pixels)'),
  property('row-line', 'strongest horizontal line (row against its neighbours)'),
  property('column-line', 'strongest vertical line (column against its neighbours)'),
  property('row-minimum-std', 'contrast of the flattest row'),
  property('column-minimum-std', 'contrast of the flattest column'),
]
