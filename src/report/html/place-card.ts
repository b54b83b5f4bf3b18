import { drawPlaceMap, type Markup, markup, trusted } from '../../charts/index.ts'
import type { Judgement } from '../../verdict/index.ts'
import { capitalise, formatPValue } from '../../wording/index.ts'

/** Of a map of the frame, in pixels. */
const WIDTH = 260

/** Maps that have something to show, side by side: of a batch, or of a stretch of a stream. */
export function placeCard(
  { places = [] }: Pick<Judgement, 'places'>,
  { id = 'places', of = 'all images of the batch' } = {},
): Markup | null {
  const shown = places.flatMap(({ differences, ...map }) =>
    differences === null ? [] : { ...map, differences },
  )
  if (shown.length === 0) return null
  const figures = shown.map(
    (map) =>
      markup`<figure><figcaption>${capitalise(map.title)} <span class="note">p ${formatPValue(map.adjustedPValue)}</span></figcaption>${trusted(drawPlaceMap(map, { id: `${id}-${map.name}`, width: WIDTH }))}</figure>`,
  )
  return markup`<section class="card" aria-labelledby="${id}-heading">
<h3 id="${id}-heading">Where in the frame</h3>
<p class="intro">The mean over ${of} against the mean over the reference, place by place: what shows here is at the same place of the frame again and again, as dirt on a lens is. Faint places may be chance.</p>
<div class="maps">${figures}</div>
</section>`
}
