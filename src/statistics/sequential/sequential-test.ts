/**
 * A test that may look after every image: the state is changed in place by each row of values and has a fixed size,
 * whatever came before.
 */
export type SequentialTest<State> = {
  init(): State
  /** Takes one more row, a value for each column. */
  update(state: State, values: ArrayLike<number>): void
  /** Whether what came since the last reset is beyond the threshold. */
  alarmed(state: State): boolean
}
