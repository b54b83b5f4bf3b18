import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema, type TensorProto, type ValueInfoProto } from 'onnx-buf'
import { DriftError } from '../../errors.ts'
import { tensor, type Tensor } from '../../tensor/index.ts'
import { FREE } from '../graph/node.ts'

export type ValueDescription = {
  readonly name: string
  /** −1 where the axis is free. */
  readonly shape: readonly number[]
}

export type ModelDescription = {
  readonly inputs: readonly ValueDescription[]
  readonly outputs: readonly ValueDescription[]
  readonly metadata: Readonly<Record<string, string>>
  /** Stored float32 weights by name. */
  readonly weights: ReadonlyMap<string, Tensor>
}

/** Reads what an ONNX file declares about itself; throws DriftError('artifact.corrupt') on other bytes. */
export function readModel(bytes: Uint8Array): ModelDescription {
  try {
    const { graph, metadataProps } = fromBinary(ModelProtoSchema, bytes)
    if (graph === undefined) throw new Error('no graph')
    const stored = new Set(graph.initializer.map(({ name }) => name))
    return {
      inputs: graph.input.filter(({ name }) => !stored.has(name)).map(describeValue),
      outputs: graph.output.map(describeValue),
      metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
      weights: new Map(graph.initializer.flatMap((proto) => floatWeights(proto))),
    }
  } catch (cause) {
    throw new DriftError(
      'artifact.corrupt',
      `expected an ONNX model, got ${bytes.length} bytes that aren't one`,
      { cause },
    )
  }
}

function describeValue({ name, type }: ValueInfoProto): ValueDescription {
  const dims = type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : []
  return {
    name,
    shape: dims.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : FREE)),
  }
}

const FLOAT = 1

function floatWeights({ name, dataType, dims, rawData }: TensorProto): [string, Tensor][] {
  if (dataType !== FLOAT || rawData.length === 0) return []
  const shape = dims.map(Number)
  const data = new Float32Array(Uint8Array.from(rawData).buffer)
  return [[name, tensor(shape, data)]]
}
