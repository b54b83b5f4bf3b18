import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseNumbers, parseScale, parseSize } from '../../src/cli/classifier-flags.ts'
import { flagName } from '../../src/cli/flag-names.ts'
import { parseCount, parseInteger, parseShare } from '../../src/cli/number-flags.ts'
import { parseStrengths } from '../../src/cli/tolerance-flag.ts'

describe('flag values', () => {
  const accepted: readonly [parse: (text: string) => unknown, text: string, value: unknown][] = [
    [parseCount, '12', 12],
    [parseInteger, '-7', -7],
    [parseInteger, '0', 0],
    [parseShare, '10%', 0.1],
    [parseShare, '0.01', 0.01],
    [parseShare, '1e-4', 1e-4],
    [parseShare, '150%', 1.5],
    [parseShare, '.5%', 0.005],
    [parseNumbers, '0.485, 0.456,-1', [0.485, 0.456, -1]],
    [parseScale, '255', 255],
    [parseSize, '224', [224, 224]],
    [parseSize, '224x320', [224, 320]],
    [parseStrengths, 'rotation=10', { rotation: 10 }],
    [parseStrengths, 'rotation=10, noise=0.1', { rotation: 10, noise: 0.1 }],
  ]
  for (const [parse, text, value] of accepted) {
    it(`${parse.name} reads ${text}`, () => assert.deepEqual(parse(text), value))
  }

  const refused: readonly [parse: (text: string) => unknown, texts: readonly string[]][] = [
    [parseCount, ['', '0', '-1', '1.5', '1e3', '0x10', 'ten', '99999999999999999999']],
    [parseInteger, ['', '1.5', 'one', ' ', '0x10']],
    [parseShare, ['', '%', '0', '-1%', 'NaN', 'Infinity', '10', '1', '10%%']],
    [parseNumbers, ['', '1,', '1;2', 'a']],
    [parseScale, ['0', '', 'x']],
    [parseSize, ['', '0', '224x', 'x224', '1x2x3', '224.5']],
    [parseStrengths, ['', 'rotation', '=3', 'rotation=', 'rotation=1=2', 'rotation=5%']],
  ]
  for (const [parse, texts] of refused) {
    it(`${parse.name} refuses ${texts.map((text) => JSON.stringify(text)).join(', ')}`, () => {
      for (const text of texts) {
        assert.throws(() => parse(text), /Expected/, `accepted ${JSON.stringify(text)}`)
      }
    })
  }

  it('of --tolerate given twice are joined', () => {
    const both = parseStrengths('noise=0.1', parseStrengths('rotation=10'))
    assert.deepEqual(both, { rotation: 10, noise: 0.1 })
  })
})

describe('names of settings', () => {
  it('are those of the flags', () => {
    const names = [
      'epochs',
      'workingSide',
      'policy.rate',
      'tolerate.noise',
      'features.2',
      'batchSizes.0',
      'blockBy',
    ]
    assert.deepEqual(names.map(flagName), [
      '--epochs',
      '--size',
      '--false-alarm-rate',
      '--tolerate noise',
      '--features',
      '--batch-sizes',
      '--block-by',
    ])
  })
})
