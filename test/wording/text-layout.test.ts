import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { renderTable, wrapText } from '../../src/wording/index.ts'

describe('text layout', () => {
  it('wraps at spaces, keeps equations whole and lets long words stand alone', () => {
    assert.deepEqual(wrapText('aaa bbb p = 0.01 ccc', 8), ['aaa bbb', 'p = 0.01', 'ccc'])
    assert.deepEqual(wrapText('a incomprehensibilities b', 8), ['a', 'incomprehensibilities', 'b'])
    assert.deepEqual(wrapText('  ', 8), [])
  })

  it('pads tables into columns, numbers to the right', () => {
    const rows = [
      ['batch', 'loss'],
      ['letters', '0.4'],
      ['x', '12.25'],
    ]
    assert.equal(
      renderTable(rows, { right: [1] }),
      ['batch     loss', 'letters    0.4', 'x        12.25'].join('\n'),
    )
    assert.equal(renderTable([]), '')
  })
})
