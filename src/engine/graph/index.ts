export { type DataType, FREE, type Node, rewrite, type Shape, topologicalOrder } from './node.ts'
export { type Builders, type OpName, ops, opTable } from './ops/index.ts'
export { shareEqual } from './share.ts'
export { splitTransposed } from './split-transposed.ts'
