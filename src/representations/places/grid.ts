/** Cells over a plane of pixels: as even as whole pixels allow, none empty. */
export type Grid = {
  readonly rows: number
  readonly columns: number
  /** First pixel row of each cell row, and the height behind the last. */
  readonly top: Uint32Array
  /** First pixel column of each cell column, and the width behind the last. */
  readonly left: Uint32Array
}

/** A grid of at most `most` cells either way, each at least `smallest` pixels wide and high where the plane is. */
export function gridOver(
  { height, width }: { readonly height: number; readonly width: number },
  { most, smallest }: { readonly most: number; readonly smallest: number },
): Grid {
  const top = edges(height, Math.max(1, Math.min(most, Math.floor(height / smallest))))
  const left = edges(width, Math.max(1, Math.min(most, Math.floor(width / smallest))))
  return { rows: top.length - 1, columns: left.length - 1, top, left }
}

function edges(length: number, cells: number): Uint32Array {
  return Uint32Array.from({ length: cells + 1 }, (_, i) => Math.round((i * length) / cells))
}
