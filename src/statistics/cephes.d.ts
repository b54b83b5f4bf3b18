// The package's own declarations are not reachable through its exports map; these are the used ones.
declare module 'cephes' {
  export function lgam(x: number): number
  export function ndtr(x: number): number
  export function ndtri(p: number): number
  export function chdtrc(degrees: number, x: number): number
  export function incbet(a: number, b: number, x: number): number
  export function incbi(a: number, b: number, p: number): number
  export function kolmogorov(x: number): number
}
