export { joinBatches, takeFromBatch } from './batch-rows.ts'
export type { ArrayLayout } from './arrays/array-layout.ts'
export { decoderVersion, decodingRule } from './codec/decode.ts'
export { encodePng } from './codec/encode.ts'
export { makeThumbnail } from './codec/thumbnail.ts'
export { adjustImages, type Adjustment, type AdjustOptions } from './corruptions/adjust-images.ts'
export type { Border, Interpolation, Resampling } from './corruptions/resample-affine.ts'
export { defocusBlur, gaussianBlur, glassBlur, motionBlur, zoomBlur } from './corruptions/blur.ts'
export { channelSwap, saturate } from './corruptions/colour.ts'
export type { Corruption, CorruptionOf, CorruptionParameters } from './corruptions/corruption.ts'
export { cannyEdges } from './corruptions/edges.ts'
export { GRADED_CHANGES, type GradedChange } from './corruptions/graded-changes.ts'
export { injectChange } from './corruptions/inject-change.ts'
export { imageShift, rotate, scale, shear, translate } from './corruptions/geometry.ts'
export {
  binarise,
  brightness,
  contrast,
  darken,
  invert,
  quantise,
} from './corruptions/intensity.ts'
export {
  blank,
  constantFrame,
  frozenFrame,
  halfFrame,
  occlusion,
  stuckPixels,
  stuckRow,
} from './corruptions/lost-data.ts'
export { mixCorruption, type MixedImages, type MixOptions } from './corruptions/mix-corruption.ts'
export { dilation, erosion } from './corruptions/morphology.ts'
export { gaussianNoise, impulseNoise, shotNoise, speckleNoise } from './corruptions/noise.ts'
export { CORRUPTIONS, findCorruption } from './corruptions/registry.ts'
export { jpegCompression, pixelate } from './corruptions/resolution.ts'
export { dottedLine, stripe, zigzag } from './corruptions/strokes.ts'
export { fog, spatter, vignette } from './corruptions/weather.ts'
export type {
  BatchOptions,
  ImageBatch,
  ImageRecord,
  ImageShape,
  ImageSource,
  PictureFile,
  PixelDepth,
  ResizePolicy,
  SampledImage,
  SkippedImage,
} from './image-source.ts'
export { NO_SKIPPED_IMAGES, type SkippedImages, tallySkipped } from './skipped-images.ts'
export type { ModelOutputRow } from './model-outputs/collect-model-outputs.ts'
export { isCutShort } from './cut-short.ts'
export { isHiddenPath, isImageName, sniffFormat } from './encoded-format.ts'
export { keepSample } from './keep-sample.ts'
export { limitImages } from './limit-images.ts'
export { openImages } from './open-images.ts'
export { openSent, type SentKind } from './open-sent.ts'
export { pictureFiles } from './picture-files.ts'
export { type ProbedShape, probeShape } from './probe-shape.ts'
export { planeResampler } from './resample-plane.ts'
export type { OpenImagesOptions, OpenOptions } from './source-format.ts'
export { arrayImages, type EncodedImage, encodedImages } from './sources/memory.ts'
export {
  attachModelOutputs,
  type ModelOutputSources,
} from './model-outputs/attach-model-outputs.ts'
export {
  mapSideInputs,
  MODEL_OUTPUT_NAMES,
  type ModelOutputName,
  modelOutputNamesOf,
  type ModelOutputs,
  type SideInputName,
  sideInputNamesOf,
  type SideInputs,
} from './model-outputs/model-outputs.ts'
