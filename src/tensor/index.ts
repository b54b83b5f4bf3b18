export { cholesky, type Matrix, matrix, multiply, solve, transpose } from './linear-algebra.ts'
export { createRandom, type Random } from './random.ts'
export { symmetricEigen, type SymmetricEigen } from './symmetric-eigen.ts'
export {
  concatenateRows,
  concatenateValues,
  elementCount,
  sliceRows,
  takeRows,
  tensor,
  type Tensor,
  zeros,
} from './tensor.ts'
