import { type GivenVectors, type RowName, rowNamesOf } from '../../images/index.ts'
import { tensor } from '../../tensor/index.ts'
import { createRowStore, type RowStore } from './row-store.ts'

/** A row store for each vector that is given beside the images. */
export type VectorStore = {
  /** Copies row `row` of each vector to `place`, which is at most the number of rows so far. */
  put(place: number, given: GivenVectors, row: number): void
  /** All rows; row i is what was row `order[i]`. Ends the store. */
  take(order: Uint32Array): GivenVectors
}

/** Stores for about `expected` rows, made when the first row says which vectors there are. */
export function createVectorStore(expected: number): VectorStore {
  const stores = new Map<RowName, { readonly rows: RowStore; readonly width: number }>()
  return {
    put(place, given, row) {
      for (const name of rowNamesOf(given)) {
        const { shape, data } = given[name] ?? tensor([0, 0], new Float32Array())
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
