import { loadDetector } from '../../detector/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { requireOutputs, writeOutput } from '../outputs.ts'

/** `pixeldrift export <detector> --out scorer.onnx`: writes the bare scoring model. */
export async function runExport(
  path: string,
  { out, json = false }: { readonly out: string; readonly json?: boolean },
  context: CommandContext,
): Promise<ExitCode> {
  await requireOutputs({ '--out': out }, [path])
  const detector = await loadDetector(path)
  const { model } = detector.extractor.autoencoder
  const [channels, height, width] = detector.manifest.shape
  await detector.close()
  await writeOutput(out, model)
  const input = `images: float32 N×${channels}×${height}×${width} in [0, 1]`
  const outputs = ['loss', 'columns', 'reconstruction']
  context.out.write(
    json
      ? `${JSON.stringify({ path: out, bytes: model.length, input, outputs }, null, 2)}\n`
      : `Wrote ${out} (${model.length} bytes): ${input} → ${outputs.join(', ')}\n`,
  )
  return EXIT.noDrift
}
