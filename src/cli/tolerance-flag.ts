import { InvalidArgumentError } from '@commander-js/extra-typings'
import { parseDecimal } from './number-flags.ts'

/** Strengths by name of the change, as the user wrote them. */
export type Strengths = Readonly<Record<string, number>>

/** `rotation=10,noise=0.1` added to what earlier flags said; the names are checked with the other settings. */
export function parseStrengths(text: string, earlier: Strengths = {}): Strengths {
  const entries = text.split(',').map((pair) => {
    const [name = '', ...rest] = pair.split('=')
    const strength = parseDecimal(rest.join('='))
    if (name === '' || strength === undefined) {
      throw new InvalidArgumentError(
        'Expected changes such as rotation=10 or rotation=10,noise=0.1.',
      )
    }
    return [name.trim(), strength]
  })
  return { ...earlier, ...Object.fromEntries(entries) }
}
