/** The same data, nothing of which may be changed. */
export type ReadOnly<T> = T extends object ? { readonly [name in keyof T]: ReadOnly<T[name]> } : T
