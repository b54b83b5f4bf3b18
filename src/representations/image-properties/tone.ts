import type { FeatureColumn } from '../representation.ts'
import { property } from './property.ts'

/** Brightness, contrast, tones and the traces of quantisation: statistics of the values, wherever they lie. */
export const toneColumns: readonly FeatureColumn[] = [
  property('mean', 'brightness (mean pixel)'),
  property('std', 'contrast (standard deviation of the pixels)'),
  property('skewness', 'skewness of the pixels (few bright on dark is positive)'),
  property('minimum', 'darkest pixel'),
  property('quantile-05', 'dark end of the tones (5% quantile)'),
  property('median', 'middle tone (median pixel)'),
  property('quantile-95', 'bright end of the tones (95% quantile)'),
  property('maximum', 'brightest pixel'),
  property('zero-fraction', 'share of exactly black pixels'),
  property('black-fraction', 'share of nearly black pixels (at most 2 of 255)'),
  property('mid-grey-fraction', 'share of middle grey pixels (51 to 204 of 255)'),
  property('white-fraction', 'share of nearly white pixels (at least 250 of 255)'),
  property('one-fraction', 'share of exactly white pixels'),
  property('grey-levels', 'number of distinct grey levels'),
  property('off-grid-fraction', 'share of pixels between the 256 grey levels of 8-bit data'),
  property('off-fine-grid-fraction', 'share of pixels between the 65,536 levels of 16-bit data'),
  property('level-gaps', 'share of unused grey levels between the darkest and brightest used'),
  property('level-comb', 'comb pattern of the grey levels (uneven histogram)'),
  property('odd-level-fraction', 'share of odd grey levels (lowest bit set)'),
  property('tone-entropy', 'variety of tones (entropy of the histogram, bits)'),
  property('pixel-entropy', 'greyness (mean binary entropy of the pixels, nats)'),
]
