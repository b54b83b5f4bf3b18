/** `dependent`: images that follow each other are alike, so that nothing is watched. */
export type StreamStatus = 'watching' | 'drift' | 'dependent'
