import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type FitInput, parseCheckOptions, parseFitOptions } from '../../../src/detector/index.ts'
import { completePolicy } from '../../../src/judging/index.ts'
import { DriftError } from '../../../src/errors.ts'

/** Message and hint of the refusal. */
function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof DriftError)
    assert.equal(error.code, 'config.invalid')
    return `${error.message} | ${error.hint ?? ''}`
  }
  return 'accepted'
}

describe('settings', () => {
  it('are filled in with their defaults', () => {
    const { seed, preset, policy, tolerate } = parseFitOptions({})
    assert.deepEqual(
      { seed, preset, policy, tolerate },
      {
        seed: 0,
        preset: 'default',
        policy: completePolicy({ kind: 'false-alarm-rate', rate: 0.01 }),
        tolerate: {},
      },
    )
  })

  const refusals: readonly [input: object, expected: string][] = [
    [{ workingSide: 500 }, 'expected workingSide to be at most 224, got 500 | '],
    [{ maxImages: 10 }, 'expected maxImages to be at least 100, got 10 | '],
    [{ seed: 1.5 }, 'expected seed to be of type int, got 1.5 | '],
    [{ preset: 'best' }, 'expected preset to be one of default, recipe, got "best" | '],
    [
      { policy: { kind: 'false-alarm-rate', rate: 0 } },
      'expected policy.rate to be more than 0, got 0 | ',
    ],
    [{ tolerate: { rotation: 200 } }, 'expected tolerate.rotation to be at most 180, got 200 | '],
  ]
  for (const [input, expected] of refusals) {
    it(`refuse ${JSON.stringify(input)} with what was expected`, () => {
      assert.equal(
        refusal(() => parseFitOptions(input)),
        expected,
      )
    })
  }

  it('that are unknown get the nearest known name', () => {
    assert.match(
      refusal(() => parseFitOptions({ epocs: 3 } as FitInput)),
      /^expected a known setting, got epocs \| Did you mean epochs\? Known are seed, /,
    )
    assert.match(
      refusal(() => parseFitOptions({ tolerate: { rotaton: 3 } } as FitInput)),
      /got tolerate\.rotaton \| Did you mean rotation\? Known are noise, rotation,/,
    )
  })

  it('are named as the caller names them', () => {
    assert.equal(
      refusal(() => parseCheckOptions({ seed: 0.5 }, (setting) => `--${setting}`)),
      'expected --seed to be of type int, got 0.5 | ',
    )
  })
})
