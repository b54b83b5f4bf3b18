export { gaussianise } from './gaussianise'
export { measureImages, scratchBytes } from './image-properties'
export { reserve } from './memory'
export { measureNearest } from './nearest'
export {
  aboveMedian,
  averageCells,
  averagePlanes,
  farthestInCells,
  measureSteps,
  placeBytes,
  toSteps,
} from './places'
