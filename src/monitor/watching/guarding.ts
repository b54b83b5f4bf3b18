import type { StreamFamily } from '../../judging/index.ts'
import { type Measurements, pickImages } from '../../measuring/values/index.ts'
import { type Guards, type GuardState, NO_GUARD_STATE } from '../guards/index.ts'
import { SOURCE } from './pending-images.ts'
import type { Arrival, FoundByGuards, SavedGuards } from './watching-messages.ts'

/** Guards at work over the images of a step. */
export type Guarding = {
  /** The image was taken into its stream before. */
  take(arrival: Arrival): void
  readonly found: readonly FoundByGuards[]
  /** Of sources that an image came from. */
  readonly states: ReadonlyMap<string, GuardState>
}

/** Among images of sources those that name none are looked for in so many times as many. */
const MIXED = 4

/** Pictures of what is found. */
const SHOWN = 3

/** Each source is looked at by itself, and so are images that name none. */
export function openGuarding(
  guards: Guards,
  { family, saved }: { readonly family: StreamFamily; readonly saved: readonly SavedGuards[] },
): Guarding {
  const before = new Map(saved)
  const states = new Map<string, GuardState>()
  const found: FoundByGuards[] = []
  return {
    found,
    states,
    take: ({ source, image }) => {
      const known = states.get(source) ?? before.get(source) ?? NO_GUARD_STATE
      const recent = recentOf(family, source)
      const { state, turns } = guards.arrive(known, image !== null, recent)
      states.set(source, state)
      if (turns.length === 0) return
      const images = recent(SHOWN).images.map(({ place }) => place)
      for (const turn of turns) found.push({ ...turn, source, images })
    },
  }
}

/** The last images of a source; of the stream of all together those that name none. */
function recentOf({ streams }: StreamFamily, source: string): (most: number) => Measurements {
  const stream = streams.get(source) ?? streams.get('')
  if (stream === undefined) throw new TypeError('expected a stream of all images')
  return (most) => {
    const last = stream.last(source === '' && streams.size > 1 ? MIXED * most : most)
    return lastOf(last, source, most)
  }
}

// oxlint-disable-next-line eslint/max-params -- of which, of whom, how many
function lastOf(all: Measurements, source: string, most: number): Measurements {
  const rows = [...all.images.keys()]
    .filter((row) => (all.images[row].record.attributes?.[SOURCE] ?? '') === source)
    .slice(most === 0 ? all.images.length : -most)
  if (rows.length === all.images.length) return all
  return { ...all, ...pickImages(all, rows), count: rows.length }
}
