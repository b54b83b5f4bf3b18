import { type SideInputName, sideInputNamesOf, type SideInputs } from '../../images/index.ts'
import { tensor } from '../../tensor/index.ts'
import { createRowStore, type RowStore } from './row-store.ts'

/** A row store for everything that is known of images beside their pixels. */
export type SideInputStore = {
  /** Copies row `row` of each side input to `place`, which is at most the number of rows so far. */
  put(place: number, sideInputs: SideInputs, row: number): void
  /** All rows; row i is what was row `order[i]`. Ends the store. */
  take(order: Uint32Array): SideInputs
}

/** Stores for about `expected` rows, made when the first row says what there is. */
export function createSideInputStore(expected: number): SideInputStore {
  const stores = new Map<SideInputName, { readonly rows: RowStore; readonly width: number }>()
  return {
    put(place, sideInputs, row) {
      for (const name of sideInputNamesOf(sideInputs)) {
        const { shape, data } = sideInputs[name] ?? tensor([0, 0], new Float32Array())
        const width = shape[1]
        const store = stores.get(name) ?? { rows: createRowStore(width, expected), width }
        stores.set(name, store)
        store.rows.put(place, data.subarray(row * width, (row + 1) * width))
      }
    },
    take: (order) =>
      Object.fromEntries(
        [...stores].map(([name, { rows, width }]) => [
          name,
          tensor([order.length, width], rows.take(order)),
        ]),
      ),
  }
}
