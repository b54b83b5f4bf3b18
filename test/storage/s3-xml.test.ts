import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { elementsOf, textOf } from '../../src/storage/s3-xml.ts'

describe('answers in XML', () => {
  it('give the text of the first element of a name, its escapes undone', () => {
    const xml =
      '<E><Key>a&amp;b&lt;&gt;&quot;&apos;&#233;&#xE9;&#x1F389;&#10;</Key><Key>c</Key></E>'
    assert.equal(textOf(xml, 'Key'), 'a&b<>"\'éé🎉\n')
    assert.equal(textOf(xml, 'Code'), undefined)
    assert.equal(textOf('<Key></Key>', 'Key'), '')
    assert.equal(textOf('<Key>&amp;lt;&other;</Key>', 'Key'), '&lt;&other;')
  })

  it('give all elements of a name, and not those whose names only begin so', () => {
    const xml =
      '<Contents a="b"><Key>1</Key></Contents>\n<Contents><Key>2</Key></Contents><ContentsX>3</ContentsX>'
    assert.deepEqual(elementsOf(xml, 'Contents'), ['<Key>1</Key>', '<Key>2</Key>'])
  })
})
