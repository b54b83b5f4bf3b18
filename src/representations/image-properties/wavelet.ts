import type { FeatureColumn } from '../representation.ts'
import { property } from './property.ts'

const levels = 3

/** Mean-square amplitudes of the orthonormal Haar transform, 3 bands × 3 levels; odd edges are left out. */
export const waveletColumns: readonly FeatureColumn[] = [
  ...Array.from({ length: levels }, (_, level) => {
    const scale = `${2 ** (level + 1)}-pixel scale`
    return [
      property(`wavelet-x-${level + 1}`, `left-right detail at ${scale} (Haar wavelet)`),
      property(`wavelet-y-${level + 1}`, `up-down detail at ${scale} (Haar wavelet)`),
      property(`wavelet-xy-${level + 1}`, `diagonal detail at ${scale} (Haar wavelet)`),
    ]
  }).flat(),
  property('smooth-noise', 'noise in smooth areas (smaller half of the finest diagonal detail)'),
]
