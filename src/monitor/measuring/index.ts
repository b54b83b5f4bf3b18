export { createDetectorShelf } from './detector-shelf.ts'
export { type Measurer, openMeasurer } from './measurer.ts'
export type { ImageToMeasure, MeasuredOne, WantedDetector } from './measuring-messages.ts'
