/** Bytes of a shape as an NPY file, format 1.0. */
export function npyBytes(shape: readonly number[], values: Uint8Array): Uint8Array {
  const dictionary = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10
  const header = Buffer.from(`${dictionary.padEnd(length - 1)}\n`, 'latin1')
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, length % 256, length >> 8])
  return Buffer.concat([start, header, values])
}
