export {
  convolutionLayer,
  type ConvolutionLayerOptions,
  upsampledConvolutionLayer,
  upsamplingKernel,
} from './convolution-layers.ts'
export {
  type Initialiser,
  type Layer,
  type LayerContext,
  type NoiseSource,
  type ParameterSpec,
  sequential,
  stateless,
} from './layer.ts'
export {
  averagePoolLayer,
  denseLayer,
  dropoutLayer,
  flattenLayer,
  gaussianNoiseLayer,
  globalAverageLayer,
  groupNormalisationLayer,
  leakyReluLayer,
  maxPoolLayer,
  reluLayer,
  reshapeLayer,
  sigmoidLayer,
  upsampleLayer,
} from './layers.ts'
export { binaryCrossEntropy, softmaxCrossEntropy, squaredError } from './losses.ts'
export {
  constantParameters,
  initialParameters,
  parameterCount,
  splitParameters,
  unpackParameters,
} from './parameters.ts'
