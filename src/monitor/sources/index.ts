export { watchFolder } from './watched-folder.ts'
