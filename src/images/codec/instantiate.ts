/** The exports of compiled kernels (base64), with memory of their own. */
export function instantiate(compiled: string): object {
  const module = new WebAssembly.Module(Buffer.from(compiled, 'base64'))
  return new WebAssembly.Instance(module).exports as object
}
