import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { renderRehearsalPage, renderTerminalRehearsal } from '../../src/report/index.ts'
import { makeRehearsal, makeRehearsed } from '../fixtures/rehearsal.ts'
import { assertStoredPicture } from '../fixtures/stored-picture.ts'
import { outline } from './outline.ts'

const options = { color: false, width: 100 }

describe('a rehearsal', () => {
  it('says what is stored, in a terminal', () => {
    const text = renderTerminalRehearsal(makeRehearsal(), options)
    assertStoredPicture(new URL('pictures/rehearsal.txt', import.meta.url), text)
  })

  it('has no tables where nothing was injected', () => {
    const own = { withheld: 'different-history', changes: [] } as const
    const text = renderTerminalRehearsal(makeRehearsal(own), { ...options, reportPath: 'r.html' })
    assert.doesNotMatch(text, /as a stream/)
    assert.match(text, /With pictures: r\.html\n$/)
  })

  it('says what is stored, on a page that is complete', async () => {
    const html = await renderRehearsalPage(makeRehearsed())
    assertStoredPicture(new URL('pictures/rehearsal.html', import.meta.url), outline(html))
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    assert.equal(new Set(ids).size, ids.length)
    assert.doesNotMatch(outline(html), /undefined|NaN|\[object|Infinity/)
    assert.equal(html.match(/data:image\/png/g)?.length, 6)
    assert.doesNotMatch(html, /(?:src|href|url)\s*[=(]\s*["']?(?!data:)[a-z.]*[:/]/i)
  })

  it('is grave where the history already differs, and where it alarmed', async () => {
    const quiet = await renderRehearsalPage(makeRehearsed())
    assert.match(quiet, /class="severity-ok"/)
    const differs = await renderRehearsalPage(
      makeRehearsed({ withheld: 'different-history', changes: [] }),
    )
    assert.match(differs, /class="severity-insufficient-data"/)
  })
})
