/** The part of opentype.js that the demo uses; the package ships no types. */
declare module 'opentype.js' {
  export type PathCommand =
    | { readonly type: 'M'; readonly x: number; readonly y: number }
    | { readonly type: 'L'; readonly x: number; readonly y: number }
    | {
        readonly type: 'Q'
        readonly x1: number
        readonly y1: number
        readonly x: number
        readonly y: number
      }
    | {
        readonly type: 'C'
        readonly x1: number
        readonly y1: number
        readonly x2: number
        readonly y2: number
        readonly x: number
        readonly y: number
      }
    | { readonly type: 'Z' }

  export type Font = {
    charToGlyph(character: string): {
      /** Outline with the y axis pointing down. */
      getPath(x: number, y: number, fontSize: number): { readonly commands: PathCommand[] }
    }
  }

  const opentype: { parse(file: ArrayBuffer): Font }
  export default opentype
}
