import { DriftError } from '../../errors.ts'
import { canonicalJson } from '../../measuring/values/index.ts'
import { type ArrayState, stateFromBytes, stateToBytes } from '../../statistics/index.ts'
import { damagedState, joinBytes, splitBytes } from './joined-bytes.ts'
import type { StreamState } from './stream-state.ts'

/** What a stored stream belongs to: it goes on only with the same. */
export type StreamKey = { readonly baseline: string; readonly settings: object }

const FORMAT = 4

/** All of a state: plain data in JSON, then its arrays one by one. */
export function writeState(state: StreamState, key: StreamKey): Uint8Array<ArrayBuffer> {
  const { status, images, bets, open, block, recent } = state
  const plain: Plain = {
    format: FORMAT,
    key,
    status,
    images,
    bets,
    open,
    block,
    recent: recent.images,
  }
  return joinBytes([
    ['plain', new TextEncoder().encode(canonicalJson(plain))],
    ...arraysOf(state).map((arrays, i) => [String(i), stateToBytes(arrays)] as const),
  ])
}

/** Fills a fresh state with what was written of one with the same key; throws DriftError('config.invalid') otherwise, 'artifact.version' where another version wrote it. */
export function readState(bytes: Uint8Array, fresh: StreamState, key: StreamKey): StreamState {
  const [first, ...pieces] = splitBytes(bytes)
  const plain = readPlain(first?.[1])
  if (canonicalJson(plain.key) !== canonicalJson(key)) {
    throw new DriftError(
      'config.invalid',
      'expected the state of a stream with this detector and these options, got one of others',
      { hint: 'Start anew with another state file, or go on with the options it was begun with.' },
    )
  }
  const arrays = arraysOf(fresh)
  if (arrays.length !== pieces.length) throw damagedState()
  arrays.forEach((own, i) => fill(own, pieces[i][1]))
  const { status, images, bets, open, block, recent } = plain
  fresh.recent.images.push(...recent)
  return { ...fresh, status, images, bets, open, block }
}

function fill(arrays: ArrayState, bytes: Uint8Array): void {
  try {
    stateFromBytes(bytes, arrays)
  } catch {
    throw damagedState()
  }
}

type Plain = Pick<StreamState, 'status' | 'images' | 'bets' | 'open' | 'block'> & {
  readonly format: number
  readonly key: StreamKey
  readonly recent: StreamState['recent']['images']
}

function readPlain(bytes: Uint8Array | undefined): Plain {
  const plain = parsePlain(bytes)
  if (typeof plain?.format !== 'number') throw damagedState()
  if (plain.format !== FORMAT) {
    throw new DriftError(
      'artifact.version',
      `expected the state of a stream of format ${FORMAT}, got format ${plain.format}`,
      {
        hint: 'Another version of pixeldrift wrote it. Go on with that one, or start anew with another state file.',
      },
    )
  }
  return plain
}

function parsePlain(bytes: Uint8Array | undefined): Plain | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Plain
  } catch {
    return undefined
  }
}

/** All typed arrays, in an order of their own. */
function arraysOf(state: StreamState): ArrayState[] {
  const { change, dependence, slow, recovery, recentBets, recent, track } = state
  const own = { sums: state.sums, alarms: state.alarms, values: recent.values }
  const places = state.places.flatMap(({ learned, change: ofPlaces }) => [learned, ofPlaces])
  return [change, dependence, slow, recovery, recentBets, own, track, ...places]
}
