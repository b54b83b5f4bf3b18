const FLAGS: Readonly<Record<string, string>> = {
  workingSide: '--size',
  maxImages: '--max-images',
  checkpoint: '--resume',
  blockBy: '--block-by',
  batchSizes: '--batch-sizes',
  batchSize: '--batch-size',
  falseAlarmEvery: '--false-alarm-every',
  classNames: '--class-names',
  unseenByClassifier: '--unseen-by-classifier',
  tolerateFiles: '--tolerate-files',
  'policy.rate': '--false-alarm-rate',
  'policy.increase': '--threshold',
}

/** The flag that gives a setting its value: `tolerate.noise` is `--tolerate noise`, `features.2` is `--features`. */
export function flagName(setting: string): string {
  const list = setting.replace(/\.\d+$/, '')
  return FLAGS[list] ?? `--${list.replace('.', ' ')}`
}
