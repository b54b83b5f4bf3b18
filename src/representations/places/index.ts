export { type PlaceMap, placesOf } from './place-map.ts'
export { placesKind } from './places-kind.ts'
