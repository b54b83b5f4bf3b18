export type { ArrayLayout } from './arrays/array-layout.ts'
export { encodePng } from './codec/encode.ts'
export type {
  BatchOptions,
  ImageBatch,
  ImageRecord,
  ImageShape,
  ImageSource,
  ResizePolicy,
  SkippedImage,
} from './image-source.ts'
export { limitImages } from './limit-images.ts'
export { openImages } from './open-images.ts'
export { probeShape } from './probe-shape.ts'
export type { OpenOptions } from './source-format.ts'
export { arrayImages } from './sources/memory.ts'
