/** The oldest Node that has what is used here; `engines` in package.json says the same. */
export const OLDEST_NODE = '22.18.0'

/** Why a version of Node won't do, and what to do about it; undefined when it will. */
export function unsuitedNode(version: string): string | undefined {
  const [own, oldest] = [version, OLDEST_NODE].map((text) => text.split('.').map(Number))
  const differing = oldest.findIndex((part, i) => own[i] !== part)
  if (differing < 0 || own[differing] > oldest[differing]) return undefined
  return `expected Node ${OLDEST_NODE} or newer, got ${version}\n  Install a newer one, from nodejs.org or with \`npm install node@24\`, which then runs in this folder by \`npx\`.`
}
