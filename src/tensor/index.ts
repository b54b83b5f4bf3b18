export { createRandom, type Random } from './random.ts'
export { concatenateRows, elementCount, sliceRows, takeRows, tensor, type Tensor, zeros } from './tensor.ts'
