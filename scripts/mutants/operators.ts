import type { Node } from 'oxc-parser'
import type { Change } from './change.ts'
import type { Syntax } from './syntax.ts'

/** Where an operator is applied: the tree's text, the parent, and the union a string belongs to. */
export type Place = {
  readonly text: string
  readonly parent: Node | undefined
  /** Another member of the union of string literals a string stands in, by member. */
  readonly nextInUnion: ReadonlyMap<string, string>
}

type Kind = Node['type']
type NodeOf<K extends Kind> = Extract<Node, { type: K }>
type Operator<K extends Kind> = (node: NodeOf<K>, place: Place) => Change[]

const swappedOperators: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '^': ['|'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
  '++': ['--'],
  '--': ['++'],
}

/** Methods that are easily taken for one another, of arrays, of Math, and of the graph's ops. */
const swappedMethods: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  some: 'every',
  every: 'some',
  floor: 'ceil',
  ceil: 'floor',
  round: 'floor',
  sin: 'cos',
  cos: 'sin',
  find: 'findLast',
  findLast: 'find',
  findIndex: 'findLastIndex',
  indexOf: 'lastIndexOf',
  lastIndexOf: 'indexOf',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  add: 'sub',
  sub: 'add',
  mul: 'div',
  div: 'mul',
  reduceSum: 'reduceMean',
  reduceMean: 'reduceSum',
  maxPool: 'averagePool',
  averagePool: 'maxPool',
}

/** Calls whose first argument may stand for them: `Math.abs(x)` becomes `x`. */
const wrappers = new Set(['abs', 'sqrt', 'exp', 'log', 'neg', 'relu', 'sigmoid', 'clipToUnit'])

/** Methods whose object may stand for the call: `x.toSorted()` becomes `x`. */
const links = new Set(['toSorted', 'sort', 'toReversed', 'reverse', 'filter', 'slice', 'trim'])

/** Arguments in either order mean the same. */
const commutative = new Set(['add', 'mul', 'min', 'max', 'hypot'])

const comparisons = new Set(['<', '<=', '>', '>=', '===', '!=='])

/** The small faults: for each kind of node, the changes a tired author could have made. */
const operators: { readonly [K in Kind]?: Operator<K> } = {
  BinaryExpression: (node, { text }) => swapOperator(node, node.left.end, text),
  LogicalExpression: (node, { text }) =>
    node.operator === '??'
      ? [replace(node, textOf(node.left, text)), replace(node, `(${textOf(node.right, text)})`)]
      : swapOperator(node, node.left.end, text),
  AssignmentExpression: (node, { text }) => swapOperator(node, node.left.end, text),
  UpdateExpression: (node, { parent, text }) =>
    parent?.type === 'ForStatement'
      ? []
      : swapOperator(node, node.prefix ? node.start : node.argument.end, text),
  UnaryExpression: (node, { text }) =>
    node.operator === '-' || node.operator === '!'
      ? [replace(node, textOf(node.argument, text))]
      : [],
  IfStatement: ({ test }, { text }) => [...negate(test, text), replace(test, 'false')],
  ConditionalExpression: ({ test }, { text }) => negate(test, text),
  WhileStatement: ({ test }, { text }) => negate(test, text),
  Literal: (node, place) => literal(node, place),
  ExpressionStatement: (node) => (isEffect(node.expression) ? [replace(node, ';')] : []),
  ContinueStatement: (node) => [replace(node, ';')],
  BreakStatement: (node, { parent }) => (parent?.type === 'SwitchCase' ? [] : [replace(node, ';')]),
  ChainExpression: () => [],
  MemberExpression: (node, { text }) =>
    node.optional ? dropOptional(node, node.computed ? '' : '.', text) : [],
  CallExpression: (node, { text }) => [
    ...(node.optional ? dropOptional(node, '', text) : []),
    ...swapArguments(node, text),
    ...swapMethod(node, text),
  ],
  ArrayExpression: ({ elements }, { text }) => swapNeighbours(elements, text),
  ArrayPattern: ({ elements }, { text }) => swapNeighbours(elements, text),
}

/** Applies the operator of a node's kind. */
export function changesOf(node: Node, place: Place): Change[] {
  const operator = operators[node.type] as Operator<Kind> | undefined
  return (operator?.(node as never, place) ?? []).filter(
    ({ start, end, text }) => place.text.slice(start, end) !== text,
  )
}

/** For each string of a union of string literals, the next one of that union. */
export function unionsOf({ text }: Syntax): ReadonlyMap<string, string> {
  const next = new Map<string, string>()
  for (const [union] of text.matchAll(/'[^'\n]*'(?:\s*\|\s*'[^'\n]*')+/g)) {
    const members = [...union.matchAll(/'(?<member>[^'\n]*)'/g)].map(
      ({ groups }) => groups?.['member'] ?? '',
    )
    members.forEach((member, i) => next.set(member, members[(i + 1) % members.length]))
  }
  return next
}

const replace = ({ start, end }: Node, text: string): Change => ({ start, end, text })

const textOf = ({ start, end }: Node, text: string): string => text.slice(start, end)

function swapOperator(
  { operator }: { readonly operator: string },
  from: number,
  text: string,
): Change[] {
  const start = text.indexOf(operator, from)
  return (swappedOperators[operator] ?? []).map((other) => ({
    start,
    end: start + operator.length,
    text: other,
  }))
}

/** A comparison is negated by swapping its operator. */
function negate(test: Node, text: string): Change[] {
  const isCompared = test.type === 'BinaryExpression' && comparisons.has(test.operator)
  return isCompared ? [] : [replace(test, `!(${textOf(test, text)})`)]
}

function literal(node: NodeOf<'Literal'>, { parent, nextInUnion }: Place): Change[] {
  const { value } = node
  if (parent?.type === 'Property' && parent.key === node && !parent.computed) return []
  if (typeof value === 'boolean') return [replace(node, String(!value))]
  if (typeof value === 'bigint') return [replace(node, `${value + 1n}n`)]
  if (typeof value === 'number') return numbersNear(value).map((near) => replace(node, `${near}`))
  if (typeof value !== 'string') return []
  const other = nextInUnion.get(value)
  if (other !== undefined) return [replace(node, `'${other}'`)]
  const isCompared = parent?.type === 'BinaryExpression' || parent?.type === 'SwitchCase'
  return isCompared && value !== '' ? [replace(node, "''")] : []
}

function numbersNear(value: number): number[] {
  if (value === 0) return [1]
  if (value === 1) return [2, 0]
  return Number.isInteger(value) && value < 10 ? [value + 1, value - 1] : [value * 2, value / 2]
}

function isEffect(node: Node): boolean {
  if (node.type === 'AwaitExpression') return isEffect(node.argument)
  if (node.type === 'UnaryExpression') return node.operator === 'void' && isEffect(node.argument)
  if (node.type === 'ChainExpression') return isEffect(node.expression)
  return node.type === 'CallExpression' || node.type === 'AssignmentExpression'
}

function dropOptional(node: Node, instead: string, text: string): Change[] {
  const object =
    node.type === 'CallExpression' ? node.callee : (node as NodeOf<'MemberExpression'>).object
  const start = text.indexOf('?.', object.end)
  return [{ start, end: start + 2, text: instead }]
}

function swapArguments(node: NodeOf<'CallExpression'>, text: string): Change[] {
  if (commutative.has(nameOf(node.callee))) return []
  return swapNeighbours(node.arguments, text)
}

const plain = new Set(['Identifier', 'MemberExpression', 'Literal', 'CallExpression'])

/** Two things of the same sort, side by side: `(width, height)`, `[cos, sin]`. */
function swapNeighbours(nodes: readonly (Node | null)[], text: string): Change[] {
  return nodes.slice(1).flatMap((right, i) => {
    const left = nodes[i]
    if (!left || !right || left.type !== right.type || !plain.has(left.type)) return []
    const between = text.slice(left.end, right.start)
    const swapped = textOf(right, text) + between + textOf(left, text)
    return [{ start: left.start, end: right.end, text: swapped }]
  })
}

function swapMethod(node: NodeOf<'CallExpression'>, text: string): Change[] {
  const { callee } = node
  const name = nameOf(callee)
  const end = callee.end
  const other = swappedMethods[name]
  const [first] = node.arguments
  return [
    ...(other !== undefined && callee.type === 'MemberExpression'
      ? [{ start: end - name.length, end, text: other }]
      : []),
    ...(wrappers.has(name) && first ? [replace(node, `(${textOf(first, text)})`)] : []),
    ...(links.has(name) && callee.type === 'MemberExpression'
      ? [replace(node, textOf(callee.object, text))]
      : []),
  ]
}

function nameOf(callee: Node): string {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return ''
  return callee.property.name
}
