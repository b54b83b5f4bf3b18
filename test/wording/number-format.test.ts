import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  formatChange,
  formatCountOf,
  formatEffect,
  formatFrequency,
  formatInterval,
  formatNumber,
  formatPercent,
  formatPValue,
  formatPValueEquation,
  formatRate,
  formatShare,
} from '../../src/wording/number-format.ts'

function table<T>(format: (value: T) => string, cases: readonly (readonly [T, string])[]): void {
  for (const [value, expected] of cases) assert.equal(format(value), expected, String(value))
}

describe('number formats', () => {
  it('show three significant digits without float dust', () => {
    table(formatNumber, [
      [0.10000000149011612, '0.100'],
      [0.0788, '0.0788'],
      [0.4113, '0.411'],
      [-0.6714, '−0.671'],
      [1.5449, '1.54'],
      [12.345, '12.3'],
      [1234.5, '1,235'],
      [0.000012345, '0.0000123'],
      [7.94e-7, '7.9 × 10⁻⁷'],
      [0, '0'],
      [-0, '0'],
      [Number.NaN, '–'],
      [Infinity, '∞'],
      [-Infinity, '−∞'],
    ])
  })

  it('show percentages as precisely as they matter', () => {
    table(formatPercent, [
      [0.1, '10%'],
      [0.07, '7%'],
      [0.005, '0.5%'],
      [0.9975, '99.8%'],
      [0.0002, '0.02%'],
      [0, '0%'],
    ])
    table(formatChange, [
      [0.442, '+44.2%'],
      [0.41, '+41.0%'],
      [-0.123, '−12.3%'],
      [4.219, '+422%'],
      [21.005, '+2,101%'],
      [-0.00001, '−0.001%'],
      [0, '0.0%'],
      [Number.NaN, '–'],
      [Infinity, '+∞'],
    ])
    table(formatShare, [
      [0.29, '29%'],
      [0.5599, '55%'],
      [0.004, '0%'],
      [1, '100%'],
    ])
  })

  it('show p-values and rates with at most two digits that count', () => {
    table(formatPValue, [
      [0.0001, '0.0001'],
      [0.00003, '< 0.0001'],
      [0.03125, '0.031'],
      [0.05, '0.05'],
      [0.4321, '0.43'],
      [1, '1'],
      [Number.NaN, '–'],
    ])
    assert.equal(formatPValueEquation(0.00003), 'p < 0.0001')
    assert.equal(formatPValueEquation(0.0312), 'p = 0.031')
    assert.equal(formatRate(0.1 * 0.1), '0.01')
  })

  it('put chances into words', () => {
    table(formatFrequency, [
      [0.01, 'once in 100'],
      [0.0003, 'once in 3,300'],
      [0.05, 'once in 20'],
      [0.43, '43 times in 100'],
    ])
  })

  it('give effects a sign, intervals a level and counts a noun', () => {
    assert.equal(formatEffect(0.9), '+0.90')
    assert.equal(formatEffect(-0.001), '0.00')
    assert.equal(formatEffect(-2.345), '−2.35')
    assert.equal(formatEffect(15.151), '+15.2')
    assert.equal(
      formatInterval({ value: 0.44, low: 0.41, high: 0.473, level: 0.95 }),
      '95% CI +41.0% to +47.3%',
    )
    assert.equal(formatCountOf(1, 'image'), '1 image')
    assert.equal(formatCountOf(10_000, 'image'), '10,000 images')
  })
})
