import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { escapeMarkup, markup, trusted } from '../../src/charts/index.ts'
import { visibleText } from '../../src/wording/index.ts'

describe('markup', () => {
  it('escapes strings and keeps markup', () => {
    const name = `<b title="x" class='y'>&\``
    const inner = markup`<i>${name}</i>`
    assert.equal(
      markup`<p>${inner}${trusted('<hr>')}</p>`.markup,
      '<p><i>&lt;b title=&quot;x&quot; class=&#39;y&#39;&gt;&amp;&#96;</i><hr></p>',
    )
  })

  it('joins lists and leaves out what is absent, but not zero', () => {
    assert.equal(
      markup`${['<', markup`<br>`, null, false, undefined, 0, [1, '>']]}`.markup,
      '&lt;<br>01&gt;',
    )
  })

  it('replaces controls, text direction overrides and lone surrogates', () => {
    assert.equal(visibleText('a\u0000b\u001b[31mc\u009b\u202ed\ud800e'), 'a�b�[31mc��d�e')
    assert.equal(visibleText('tab\tline\näöü 画像 🙂 عربي'), 'tab\tline\näöü 画像 🙂 عربي')
    assert.equal(escapeMarkup('\u2066<'), '�&lt;')
  })
})
