import { elementCount } from '../../tensor/index.ts'
import { readAxes } from '../arrays/array-layout.ts'
import { arraySource, requireSize } from '../arrays/array-source.ts'
import { streamStored, withStored } from '../arrays/byte-reader.ts'
import { isIdx, readIdxHeader } from '../arrays/idx-header.ts'
import { readColumnFile } from '../arrays/text-column.ts'
import { readLabelFile } from '../folder-label.ts'
import type { SourceFormat } from '../source-format.ts'

/** An IDX array as MNIST is published in, plain or gzip; ids are row numbers. */
export const idxFormat: SourceFormat = {
  kind: 'idx',
  title: 'IDX (MNIST) array, plain or .gz',
  accepts: ['labels', 'layout'],
  recognises: ({ head }) => isIdx(head),
  open: async ({ path, gzipped, bytes }, { labels, layout }) => {
    const header = await withStored(bytes, { gzipped }, (reader) => readIdxHeader(reader, path))
    const axes = readAxes(header.shape, path, layout)
    const { type, dataOffset } = header
    if (!gzipped) {
      requireSize(dataOffset + elementCount(header.shape) * type.bytes, bytes.size, path)
    }
    const labelFile = readLabelFile(labels)
    const names = labelFile === undefined ? [] : await readColumnFile(labelFile, axes.count)
    return arraySource({
      kind: 'idx',
      location: path,
      axes,
      type,
      fortranOrder: false,
      dataOffset,
      open: async () => streamStored(bytes, { gzipped }),
      record: (row) => labelled(row, names[row]),
      idsMayRepeat: false,
    })
  },
}

function labelled(row: number, label: string | undefined): { id: string; label?: string } {
  return label === undefined ? { id: String(row) } : { id: String(row), label }
}
