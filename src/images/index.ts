export type {
  BatchOptions,
  ImageBatch,
  ImageRecord,
  ImageShape,
  ImageSource,
  ResizePolicy,
  SkippedImage,
} from './image-source.ts'
