const FLAGS: Readonly<Record<string, string>> = {
  workingSide: '--size',
  maxImages: '--max-images',
  checkpoint: '--resume',
  blockBy: '--block-by',
  'policy.rate': '--false-alarm-rate',
  'policy.increase': '--threshold',
}

/** The flag that gives a setting its value: `tolerate.noise` is `--tolerate noise`. */
export function flagName(setting: string): string {
  if (setting.startsWith('features.')) return '--features'
  return FLAGS[setting] ?? `--${setting.replace('.', ' ')}`
}
