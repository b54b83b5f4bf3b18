import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cameraCode, FILE_COLUMNS, fileRow, hasFiles, nameOfCode } from '../src/file-properties.ts'

const codeIn = (name: string, row: readonly number[]): number =>
  row[FILE_COLUMNS.findIndex((column) => column.name === name)]

describe('properties of files', () => {
  it('are a number for each column, zero where there is nothing to say', () => {
    assert.deepEqual(fileRow({ width: 30, height: 20 }), [30, 20, 1.5, 0, 0, 0, 0, 0, 0])
    assert.deepEqual(
      fileRow({
        width: 30,
        height: 20,
        format: 'png',
        channels: 'grey',
        depth: 16,
        quality: 90,
        subsampling: '4:4:4',
      }),
      [30, 20, 1.5, 90, 2, 1, 16, 1, 1],
    )
  })

  it('are called by name', () => {
    const facts = { width: 1, height: 1, format: 'jpeg', channels: 'colour', depth: 8 } as const
    const row = fileRow({ ...facts, subsampling: '4:2:0', camera: 'Model A' })
    const cameras = new Map([[cameraCode('Model A'), 'Model A']])
    const names = [
      'file-format',
      'file-channels',
      'bit-depth',
      'chroma-subsampling',
      'camera-model',
    ]
    assert.deepEqual(
      names.map((name) => nameOfCode(name, codeIn(name, row), cameras)),
      ['JPEG', 'colour', '8 bits', '4:2:0', 'Model A'],
    )
    assert.deepEqual(
      names.map((name) => nameOfCode(name, 0, cameras)),
      names.map(() => 'none'),
    )
    assert.equal(nameOfCode('camera-model', cameraCode(undefined), cameras), 'none stated')
    assert.equal(nameOfCode('camera-model', 77, cameras), 'another camera')
    assert.equal(nameOfCode('file-format', 99, cameras), 'code 99')
  })

  it('tell cameras apart by whole numbers that a 32-bit float holds', () => {
    const models = Array.from({ length: 200 }, (_, i) => `Model ${i}`)
    const codes = models.map(cameraCode)
    assert.equal(new Set(codes).size, models.length)
    for (const code of codes) {
      assert.equal(Math.fround(code), code)
      assert.ok(Number.isInteger(code) && code > cameraCode(undefined))
    }
    // FNV-1a of `a` is 0xe40c292c.
    assert.equal(cameraCode('a'), 2 + (0xe40c292c % (2 ** 24 - 2)))
  })

  it('are of files where any has a format', () => {
    const array = fileRow({ width: 3, height: 3, channels: 'grey' })
    assert.ok(!hasFiles(Float32Array.from([...array, ...array])))
    const file = fileRow({ width: 3, height: 3, format: 'gif' })
    assert.ok(hasFiles(Float32Array.from([...array, ...file])))
  })
})
