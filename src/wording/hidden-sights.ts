import type { Sight } from './sight.ts'

/** What no eye sees, in order: traces of software, then what only a model knows. */
export const HIDDEN: readonly Sight[] = [
  {
    name: 'exact-black',
    kind: 'processing',
    columns: [['zero-fraction', '', 'pixels']],
    up: 'have more exactly black pixels',
    down: 'have fewer exactly black pixels',
    cause: 'the software between camera and here: decoder, tones, number format',
  },
  {
    name: 'exact-white',
    kind: 'processing',
    columns: [['one-fraction', '', 'pixels']],
    up: 'have more exactly white pixels',
    down: 'have fewer exactly white pixels',
  },
  {
    name: 'between-levels',
    kind: 'processing',
    columns: [
      ['off-grid-fraction', '', 'pixels'],
      ['off-fine-grid-fraction', 'even of 16 bits,', 'pixels'],
    ],
    up: 'have values between the grey levels of image files, as after resizing or filtering',
    down: 'have fewer values between the grey levels of image files',
    cause: 'the software between camera and here: resizing, filtering, number format',
  },
  {
    name: 'levels',
    kind: 'processing',
    columns: [
      ['level-gaps', 'unused in between', 'levels'],
      ['level-comb', 'unevenness'],
      ['odd-level-fraction', 'odd ones in', 'pixels'],
    ],
    up: 'have other grey levels, as after an adjustment of tone or another decoder',
    down: 'have other grey levels, as after an adjustment of tone or another decoder',
    mixed: 'have other grey levels, as after an adjustment of tone or another decoder',
    cause: 'the software between camera and here: decoder, tones, number format',
  },
  {
    name: 'tones',
    kind: 'processing',
    columns: [
      ['tone-entropy', 'variety of tones, in bits'],
      ['mid-grey-fraction', 'middle grey', 'pixels'],
      ['pixel-entropy', 'greyness'],
      ['input-entropy', 'greyness'],
      ['skewness', 'skewness of the tones'],
    ],
    up: 'have another distribution of tones',
    down: 'have another distribution of tones',
    mixed: 'have another distribution of tones',
  },
  {
    name: 'colour-detail',
    kind: 'processing',
    columns: [['colour-detail', 'steps of colour']],
    up: 'have more fine colour detail',
    down: 'have less fine colour detail',
  },
  {
    name: 'flat',
    kind: 'processing',
    columns: [['flat-fraction', '', 'pixels']],
    up: 'have more neighbouring pixels that are equal',
    down: 'have fewer neighbouring pixels that are equal',
  },
  {
    name: 'even-rows',
    kind: 'processing',
    columns: [
      ['row-minimum-std', 'contrast of the most even row'],
      ['column-minimum-std', 'contrast of the most even column'],
    ],
    up: 'have fewer even rows and columns',
    down: 'have more even rows and columns',
  },
  {
    name: 'peaks',
    kind: 'processing',
    columns: [
      ['row-peak', 'brightest row'],
      ['column-peak', 'brightest column'],
    ],
    up: 'have rows or columns that stand out more',
    down: 'have rows or columns that stand out less',
  },
  {
    name: 'unusualness',
    kind: 'abstract',
    columns: [
      ['outlier-distance', 'distance from the training images'],
      ['outlier-neighbours', 'distance from the most similar training images'],
    ],
    up: 'are more unusual as a whole',
    down: 'are less unusual as a whole',
    mixed: 'have changed in how unusual they are, though hardly on average',
  },
  {
    name: 'reconstruction',
    kind: 'abstract',
    columns: [
      ['loss', 'reconstruction loss'],
      ['excess-loss', 'avoidable reconstruction loss'],
      ['squared-error', 'squared reconstruction error'],
      ['maximum-error', 'largest reconstruction error of a pixel'],
      ['row-error', 'reconstruction error of the worst row'],
      ['column-error', 'reconstruction error of the worst column'],
      ['reconstruction-entropy', 'uncertainty of the reconstruction'],
    ],
    up: 'are harder for the autoencoder to redraw',
    down: 'are easier for the autoencoder to redraw',
    mixed: 'have changed in how well the autoencoder redraws them, though hardly on average',
  },
]
