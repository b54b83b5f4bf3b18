/** The maps of rows one after the other; undefined unless those of all rows are known: only then are places compared. */
export function joinPlaces(
  rows: readonly { readonly places?: Int8Array | undefined }[],
): Int8Array | undefined {
  const known = rows.flatMap(({ places }) => places ?? [])
  if (rows.length === 0 || known.length < rows.length) return undefined
  const cells = known[0].length
  const all = new Int8Array(rows.length * cells)
  known.forEach((places, i) => all.set(places, i * cells))
  return all
}
