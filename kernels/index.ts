export { measureImages, scratchBytes } from './image-properties'
export { reserve } from './memory'
