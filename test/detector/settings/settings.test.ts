import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parseCheckOptions, parseFitOptions } from '../../../src/detector/index.ts'

const source = readFileSync(
  new URL('../../../src/detector/settings/settings.ts', import.meta.url),
  'utf8',
)

/** What is said of each setting of a declared type. */
function commentsOf(type: string): Map<string, string> {
  const own = source.slice(source.indexOf(`export type ${type} = {`)).split('\n}\n')[0]
  const commented = own.matchAll(/\/\*\*(.*?)\*\/\s+readonly (\w+)\?:/gs)
  return new Map(
    [...commented].map(([, text, name]) => [name, text.replaceAll(/\s*\n \s*\*\s*/g, ' ')]),
  )
}

const kinds = {
  FitInput: { settings: parseFitOptions({}) },
  CheckInput: { settings: parseCheckOptions({}) },
}

describe('the comments on settings', () => {
  for (const [type, { settings }] of Object.entries(kinds)) {
    it(`of ${type} state the default that the schema fills in`, () => {
      const comments = commentsOf(type)
      for (const [name, value] of Object.entries(settings)) {
        const text = comments.get(name) ?? assert.fail(`${name} has no comment`)
        if (typeof value === 'object') continue
        const stated = /Default (?:`([^`]*)`|([^.:]*))\./.exec(text)
        assert.equal(stated?.[1] ?? stated?.[2], String(value), `${name}: ${text}`)
      }
      for (const [name, text] of comments)
        assert.match(text, /Default\b/, `${name} says no default`)
    })
  }

  it('of bounded settings state bounds that are let through, and none beyond', () => {
    const bounded: [Parameters<typeof parseFitOptions>[0], boolean][] = [
      [{ workingSide: 4 }, true],
      [{ workingSide: 3 }, false],
      [{ workingSide: 224 }, true],
      [{ workingSide: 225 }, false],
      [{ epochs: 1 }, true],
      [{ epochs: 0 }, false],
      [{ epochs: 1000 }, true],
      [{ epochs: 1001 }, false],
      [{ maxImages: 100 }, true],
      [{ maxImages: 99 }, false],
      [{ batchSizes: [5] }, true],
      [{ batchSizes: [4] }, false],
      [
        { tolerate: { rotation: 180, translation: 0.5, noise: 1, brightness: 1, contrast: 1 } },
        true,
      ],
      [{ tolerate: { rotation: 181 } }, false],
      [{ tolerate: { translation: 0.6 } }, false],
      [{ policy: { kind: 'false-alarm-rate', rate: 0.5 } }, false],
      [{ policy: { kind: 'relative', increase: 0 } }, false],
    ]
    for (const [input, isFine] of bounded) {
      if (isFine) parseFitOptions(input)
      else assert.throws(() => parseFitOptions(input), { code: 'config.invalid' })
    }
    const comments = commentsOf('FitInput')
    const stated = {
      workingSide: /4 to 224/,
      epochs: /1 to 1000/,
      maxImages: /at least 100\b/,
      batchSizes: /20 .* 5 or more/,
    }
    for (const [name, words] of Object.entries(stated))
      assert.match(comments.get(name) ?? '', words)
  })
})
