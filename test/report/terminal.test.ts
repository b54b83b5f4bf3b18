import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { renderTerminalReport } from '../../src/report/index.ts'
import { makeReportData, scenes } from '../fixtures/report-data.ts'
import { assertStoredPicture } from '../fixtures/stored-picture.ts'

const plain = { color: false, width: 80 }

describe('renderTerminalReport', () => {
  for (const scene of scenes) {
    const { verdict } = makeReportData(scene)

    it(`reads as stored (${scene})`, () => {
      assertStoredPicture(
        new URL(`pictures/terminal-${scene}.txt`, import.meta.url),
        renderTerminalReport(verdict, plain),
      )
    })

    it(`keeps to the width and has no escape codes without colour (${scene})`, () => {
      for (const width of [40, 60, 80, 200]) {
        const text = renderTerminalReport(verdict, { color: false, width })
        assert.ok(!text.includes('\u001b'))
        const longest = Math.max(...text.split('\n').map((line) => line.length))
        assert.ok(longest <= Math.max(56, Math.min(100, width)), `${longest} columns at ${width}`)
      }
    })
  }

  it('paints the same text when colour is on', () => {
    const { verdict } = makeReportData('letters')
    const painted = renderTerminalReport(verdict, { ...plain, color: true })
    assert.ok(painted.includes('\u001b[31m'))
    assert.equal(stripVTControlCharacters(painted), renderTerminalReport(verdict, plain))
  })

  it('says where the report is, or how to get one', () => {
    const { verdict } = makeReportData('letters')
    const written = renderTerminalReport(verdict, { ...plain, reportPath: 'out/drift.html' })
    assert.match(written, /Pictures and charts: out\/drift\.html/)
    assert.match(renderTerminalReport(verdict, plain), /add --report report\.html/)
  })

  it('disarms control characters and line breaks in text from outside', () => {
    const { verdict } = makeReportData('digits')
    const hostile = {
      ...verdict,
      words: { ...verdict.words, notes: ['\u001b[2Jcleared\r\nFORGED LINE\u0007'] },
    }
    const text = renderTerminalReport(hostile, plain)
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u)
    assert.match(text, /Note {10}�\[2Jcleared FORGED LINE�/)
  })
})
