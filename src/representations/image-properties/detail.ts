import type { FeatureColumn } from '../representation.ts'
import { property } from './property.ts'

/** How much changes from pixel to pixel: edges, noise, sharpness, isolated pixels, JPEG blocks. */
export const detailColumns: readonly FeatureColumn[] = [
  property('gradient-x', 'left-right detail (mean absolute step between columns)'),
  property('gradient-y', 'up-down detail (mean absolute step between rows)'),
  property('gradient-x-rms', 'left-right edges (root mean square step between columns)'),
  property('gradient-y-rms', 'up-down edges (root mean square step between rows)'),
  property('flat-fraction', 'share of pixels equal to their right neighbour'),
  property('blockiness', 'block pattern (extra steps at every 8th pixel, as JPEG leaves)'),
  property('noise', 'fine-grain noise level (Immerkær estimate)'),
  property('laplacian', 'sharpness (root mean square Laplacian)'),
  property('bright-spike', 'brightest isolated pixel (height above all four neighbours)'),
  property('dark-spike', 'darkest isolated pixel (depth below all four neighbours)'),
]
