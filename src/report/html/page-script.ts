/** The theme switch, and unfolded details on paper; the page is complete without it. */
export const pageScript = `
const root = document.documentElement
const button = document.querySelector('.theme')
const system = matchMedia('(prefers-color-scheme: dark)')
const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark'
const label = () => {
  button.textContent = isDark() ? 'Light theme' : 'Dark theme'
}
button.addEventListener('click', () => {
  root.dataset.theme = isDark() ? 'light' : 'dark'
  label()
})
system.addEventListener('change', label)
label()
button.hidden = false
let folded = []
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')]
  for (const one of folded) one.open = true
})
addEventListener('afterprint', () => {
  for (const one of folded) one.open = false
})
`
