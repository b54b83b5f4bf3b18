export { type DataType, FREE, type Node, type Shape } from './node.ts'
export { type Builders, type OpName, ops, opTable } from './ops/index.ts'
