import { InvalidArgumentError } from '@commander-js/extra-typings'

/** One of several parts of a source: the `index`-th, from 1, `of` so many. */
export type Shard = { readonly index: number; readonly of: number }

/** Reads `3/16`. */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  const shard = { index: Number(index), of: Number(of) }
  if (index !== undefined && shard.index >= 1 && shard.index <= shard.of) return shard
  throw new InvalidArgumentError('Expected a part of a whole, such as 3/16.')
}
