import { DriftError } from '../errors.ts'
import type { ImageRecord } from '../measuring/values/index.ts'
import type { Note } from '../verdict/index.ts'

/**
 * Which images belong together and depend on each other: one number per record, equal within a block.
 * `blockBy` names an attribute of the manifest, or is `folder`, `label` or `timestamp`.
 */
export function blocksOf(records: readonly ImageRecord[], blockBy: string): Uint32Array {
  const numbers = new Map<string, number>()
  return Uint32Array.from(blockNames(records, blockBy), (name) => {
    const known = numbers.get(name) ?? numbers.size
    numbers.set(name, known)
    return known
  })
}

/** The name of each record's block. */
export function blockNames(records: readonly ImageRecord[], blockBy: string): string[] {
  return records.map((record) => {
    const name = blockName(record, blockBy)
    if (name === undefined) throw missingBlock(record, blockBy)
    return name
  })
}

function blockName(record: ImageRecord, blockBy: string): string | undefined {
  switch (blockBy) {
    case 'folder':
      return folderOf(record.id)
    case 'label':
      return record.label
    case 'timestamp':
      return record.timestamp
    default:
      return record.attributes?.[blockBy]
  }
}

/** As `dirname` of Node: `.` for what lies in no folder. */
function folderOf(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  if (!trimmed.includes('/')) return path.startsWith('/') ? '/' : '.'
  return trimmed.slice(0, trimmed.lastIndexOf('/')).replace(/\/+$/, '') || '/'
}

function missingBlock({ id, attributes = {} }: ImageRecord, blockBy: string): DriftError {
  const known = Object.keys(attributes)
  const got = known.length === 0 ? 'no attributes' : `only ${known.join(', ')}`
  return new DriftError(
    'config.invalid',
    `expected ${blockBy} on every image, got ${got} on ${id}`,
    {
      hint: 'A .csv or .jsonl manifest carries attributes in further columns; `folder` blocks by the folder an image lies in.',
    },
  )
}

/** Rows reordered so that each block is contiguous; blocks keep the order of their first row. */
export function blockOrder(blocks: Uint32Array): Uint32Array {
  return Uint32Array.from(blocks, (_, row) => row).toSorted(
    (a, b) => blocks[a] - blocks[b] || a - b,
  )
}

/**
 * A caution where the blocks are too few for any p-value to reach `level`, whatever the images look like: it is at
 * least one in the number of ways to choose the batch's blocks among all.
 */
export function noteOnBlocks(
  reference: Uint32Array,
  window: Uint32Array,
  level: number,
): Extract<Note, { code: 'few-blocks' }> | undefined {
  const [m, n] = [reference, window].map((blocks) => new Set(blocks).size)
  let ways = 1
  for (let i = 1; i <= n && ways < 1 / level; i++) ways *= (m + i) / i
  if (1 / ways <= level) return undefined
  return { code: 'few-blocks', blocks: n, reference: m, level }
}
