import { compiledCephes } from './compiled.ts'

/** Functions of Cephes 2.8 (Moshier 1989), under their own names. */
export type Cephes = {
  /** P(X ≥ x) of χ² with `degrees` degrees of freedom. */
  readonly chdtrc: (degrees: number, x: number) => number
  /** Regularised incomplete beta function. */
  readonly incbet: (a: number, b: number, x: number) => number
  /** Its inverse. */
  readonly incbi: (a: number, b: number, y: number) => number
  /** P(K ≥ y) of Kolmogorov's limit distribution. */
  readonly kolmogorov: (y: number) => number
  /** ln |Γ(x)|. */
  readonly lgam: (x: number) => number
  /** P(Z ≤ x) of the standard normal. */
  readonly ndtr: (x: number) => number
  /** Its inverse. */
  readonly ndtri: (p: number) => number
}

/** As Cephes numbers them in `mconf.h`. */
const ERRORS: Readonly<Record<number, string>> = {
  1: 'argument domain error',
  2: 'function singularity',
  3: 'overflow range error',
  4: 'underflow range error',
  5: 'total loss of precision',
  6: 'partial loss of precision',
}

/** The functions, compiled at once: a module that had to be awaited could not be loaded by `require`. */
export const cephes: Cephes = instantiate()

function instantiate(): Cephes {
  const bytes = Uint8Array.from(atob(compiledCephes), (character) => character.charCodeAt(0))
  const mtherr = (name: number, code: number): never => {
    const message = `Cephes reports ${ERRORS[code] ?? `error ${code}`} in ${textAt(name)}`
    throw code === 1 ? new RangeError(message) : new Error(message)
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { mtherr } })
  const own = exports as Cephes & { readonly memory: { readonly buffer: ArrayBuffer } }
  const textAt = (start: number): string => {
    const memory = new Uint8Array(own.memory.buffer)
    return String.fromCharCode(...memory.subarray(start, memory.indexOf(0, start)))
  }
  return own
}
