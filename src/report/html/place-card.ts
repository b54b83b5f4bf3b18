import { drawPlaceMap, type Markup, markup, trusted } from '../../charts/index.ts'
import type { Judgement } from '../../verdict/index.ts'
import { capitalise, formatPValue } from '../../wording/index.ts'

/** Of a map of the frame, in pixels. */
const WIDTH = 260

/** Maps that have something to show, side by side. */
export function placeCard({ places = [] }: Judgement): Markup | null {
  const shown = places.flatMap(({ differences, ...map }) =>
    differences === null ? [] : { ...map, differences },
  )
  if (shown.length === 0) return null
  const figures = shown.map(
    (map) =>
      markup`<figure><figcaption>${capitalise(map.title)} <span class="note">p ${formatPValue(map.adjustedPValue)}</span></figcaption>${trusted(drawPlaceMap(map, { id: `place-${map.name}`, width: WIDTH }))}</figure>`,
  )
  return markup`<section class="card" aria-labelledby="places-heading">
<h3 id="places-heading">Where in the frame</h3>
<p class="intro">The mean over all images of the batch against the mean over the reference, place by place: what shows here is at the same place of the frame again and again, as dirt on a lens is. Faint places may be chance.</p>
<div class="maps">${figures}</div>
</section>`
}
