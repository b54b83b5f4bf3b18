export { type ModelDescription, readModel, type ValueDescription } from './read.ts'
export { type ModelSpec, OPSET, writeModel } from './write.ts'
