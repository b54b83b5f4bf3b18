import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataType as ElementType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf'
import {
  type ConstantData,
  type DataType,
  FREE,
  type Node,
  type Shape,
  topologicalOrder,
} from '../graph/node.ts'
import type { OnnxAttribute } from '../graph/op.ts'
import { constantValue, inputName } from '../graph/ops/leaf.ts'
import { expandOutputs } from './expand.ts'

/** Operator set and file format every emitted model declares (ONNX 1.16, ONNX Runtime ≥ 1.18). */
export const OPSET = 21
const IR_VERSION = 10n

export type ModelSpec = {
  readonly name: string
  /** Named results; inputs are found by walking back from them. */
  readonly outputs: Readonly<Record<string, Node>>
  /** Inputs that must exist even where no output depends on them, and their order. */
  readonly inputs?: readonly Node[]
  /** Free text stored in the file, readable by any ONNX tool. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** Writes the graph behind `outputs` as an ONNX model file. */
export function writeModel({ name, metadata = {}, ...spec }: ModelSpec): Uint8Array {
  const outputs = expandOutputs(spec.outputs)
  const order = topologicalOrder([...(spec.inputs ?? []), ...Object.values(outputs)])
  const names = nameNodes(order, outputs)
  const writer: Writer = { names, nodes: [], initializers: [], integers: new Map() }
  for (const node of order) if (node.op.emit !== undefined) writeNode(node, writer)
  for (const node of order) {
    const value = constantValue(node)
    if (value !== undefined) writer.initializers.push(tensorProto(names.get(node)!, value))
  }
  aliasOutputs(outputs, writer)
  const graph = create(GraphProtoSchema, {
    name,
    node: writer.nodes,
    initializer: writer.initializers,
    input: order
      .filter((node) => inputName(node) !== undefined)
      .map((node) => valueInfo(inputName(node)!, node)),
    output: Object.entries(outputs).map(([output, node]) => valueInfo(output, node)),
  })
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'pixeldrift',
    opsetImport: [
      operatorSet('', OPSET),
      ...contribDomains(writer).map((domain) => operatorSet(domain, 1)),
    ],
    graph,
    metadataProps: Object.entries(metadata).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
  })
  return toBinary(ModelProtoSchema, model)
}

type Writer = {
  readonly names: ReadonlyMap<Node, string>
  readonly nodes: NodeProto[]
  readonly initializers: TensorProto[]
  /** Integer vectors already written, by content. */
  readonly integers: Map<string, string>
}

const operatorSet = (domain: string, version: number) =>
  create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) })

/** ONNX Runtime's own operator sets, named only where a node needs one: a model without them is plain ONNX. */
const contribDomains = (writer: Writer): string[] =>
  [...new Set(writer.nodes.map((node) => node.domain))].filter((domain) => domain !== '')

/** Outputs keep their given name, leaves theirs, all others are numbered. */
function nameNodes(
  order: readonly Node[],
  outputs: Readonly<Record<string, Node>>,
): Map<Node, string> {
  const names = new Map<Node, string>()
  for (const [output, node] of Object.entries(outputs)) {
    if (node.op.emit !== undefined && !names.has(node)) names.set(node, output)
  }
  order.forEach((node, i) => {
    if (!names.has(node)) names.set(node, inputName(node) ?? `${node.op.name.toLowerCase()}_${i}`)
  })
  const used = new Map<string, Node>(Object.entries(outputs))
  for (const [node, name] of names) {
    if ((used.get(name) ?? node) !== node)
      throw new TypeError(`expected one value named ${name}, got two`)
    used.set(name, node)
  }
  return names
}

function writeNode(node: Node, writer: Writer): void {
  const emission = node.op.emit!(node.attributes, node)
  const trailing = (emission.trailingInputs ?? []).map((values) =>
    values === null ? '' : integerInput(values, writer),
  )
  const proto = create(NodeProtoSchema, {
    opType: emission.opType ?? node.op.name,
    domain: emission.domain ?? '',
    name: writer.names.get(node)!,
    input: [...node.inputs.map((input) => writer.names.get(input)!), ...trailing],
    output: [writer.names.get(node)!],
    attribute: Object.entries(emission.attributes ?? {}).map(([name, value]) =>
      attributeProto(name, value),
    ),
  })
  writer.nodes.push(proto)
}

function integerInput(values: readonly number[], writer: Writer): string {
  const key = values.join()
  const known = writer.integers.get(key)
  if (known !== undefined) return known
  const name = `integers_${writer.integers.size}`
  writer.integers.set(key, name)
  const data = BigInt64Array.from(values, (value) => BigInt(value))
  writer.initializers.push(tensorProto(name, { shape: [values.length], data }))
  return name
}

/** A node can carry one name only: a second output of the same node, or a leaf, is copied. */
function aliasOutputs(outputs: Readonly<Record<string, Node>>, writer: Writer): void {
  for (const [output, node] of Object.entries(outputs)) {
    const name = writer.names.get(node)!
    if (name === output) continue
    writer.nodes.push(
      create(NodeProtoSchema, {
        opType: 'Identity',
        name: output,
        input: [name],
        output: [output],
      }),
    )
  }
}

function attributeProto(name: string, attribute: OnnxAttribute): AttributeProto {
  switch (attribute.kind) {
    case 'int':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeType.INT,
        i: BigInt(attribute.value),
      })
    case 'ints':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeType.INTS,
        ints: attribute.value.map((value) => BigInt(value)),
      })
    case 'float':
      return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: attribute.value })
    case 'string':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeType.STRING,
        s: new TextEncoder().encode(attribute.value),
      })
  }
}

function tensorProto(name: string, { shape, data }: ConstantData): TensorProto {
  const dataType = data instanceof Float32Array ? ElementType.FLOAT : ElementType.INT64
  return create(TensorProtoSchema, {
    name,
    dataType,
    dims: shape.map((length) => BigInt(length)),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  })
}

const elementTypes: Readonly<Record<DataType, ElementType>> = {
  float32: ElementType.FLOAT,
  int64: ElementType.INT64,
  bool: ElementType.BOOL,
}

function valueInfo(
  name: string,
  { shape, dtype }: { readonly shape: Shape; readonly dtype: DataType },
): ValueInfoProto {
  const dim = shape.map((length) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        length === FREE
          ? { case: 'dimParam', value: 'N' }
          : { case: 'dimValue', value: BigInt(length) },
    }),
  )
  const value = create(TypeProto_TensorSchema, {
    elemType: elementTypes[dtype],
    shape: create(TensorShapeProtoSchema, { dim }),
  })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }),
  })
}
