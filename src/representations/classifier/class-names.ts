import { DriftError } from '../../errors.ts'

/** Throws DriftError('config.invalid') unless there is one name, all different, for each class. */
export function requireClassNames(names: readonly string[], classCount: number): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (names.length === classCount && twice === undefined && !names.includes('')) return
  const got = twice === undefined ? `${names.length}` : `"${twice}" twice`
  throw new DriftError(
    'config.invalid',
    `expected ${classCount} different class names, one for each of the classifier’s outputs, got ${got}`,
    {
      hint: 'Name them in the order of its outputs: --class-names cat,dog,… or a file with a name a line.',
    },
  )
}

/** Keys under which exporters write the names of classes. */
const KEYS = ['names', 'class_names', 'classes', 'labels', 'id2label']

/** The class names in an ONNX file's metadata: a JSON list or numbered object, or a Python one; undefined where there are none. */
export function namesInMetadata(metadata: Readonly<Record<string, string>>): string[] | undefined {
  for (const key of KEYS) {
    const text = metadata[key]
    const names = text === undefined ? undefined : readNames(text.trim())
    if (names !== undefined) return names
  }
  return undefined
}

function readNames(text: string): string[] | undefined {
  const value = parseLoosely(text)
  if (typeof value !== 'object' || value === null) return undefined
  const names = Array.isArray(value) ? (value as unknown[]) : inOrder(value)
  return names?.every((name) => typeof name === 'string' && name !== '') === true
    ? (names as string[])
    : undefined
}

/** Values of an object with the keys 0..n−1; undefined of any other. */
function inOrder(numbered: object): unknown[] | undefined {
  const values = new Map(Object.entries(numbered))
  const names = Array.from({ length: values.size }, (_, i) => values.get(String(i)) as unknown)
  return names.includes(undefined) ? undefined : names
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    try {
      return JSON.parse(pythonToJson(text))
    } catch {
      return undefined
    }
  }
}

/** Quotes a Python literal's strings as JSON does, and its numbered keys. */
function pythonToJson(text: string): string {
  return text
    .replaceAll(
      /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g,
      (_, single: string | undefined, double: string | undefined) =>
        JSON.stringify((single ?? double ?? '').replaceAll(/\\(['"\\])/g, '$1')),
    )
    .replaceAll(/([{,]\s*)(\d+)\s*:/g, '$1"$2":')
}
