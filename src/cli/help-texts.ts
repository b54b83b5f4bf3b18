const VECTORS = `Row i of an NPY file of probabilities, logits or embeddings belongs to the i-th image in reading
order (in a folder: by name), unreadable ones counted. A manifest or .parquet may bring them in
columns of these names instead, an .npz in arrays.`

/** What stands below the options in the help of each command, and below all commands. */
export const HELP_TEXTS = {
  overview: `
Examples:
  $ npx pixeldrift fit training-images/ --out detector.pixeldrift
  $ npx pixeldrift check detector.pixeldrift todays-images/ --report report.html
  $ npx pixeldrift check detector.pixeldrift batch.npz --json
  $ npx pixeldrift demo

Images: a folder, .tar(.gz), .zip, IDX(.gz), .npy/.npz, .parquet, or a .csv/.jsonl manifest;
all but the manifest also as s3://bucket/prefix.
Exit codes: 0 no drift, 1 drift, 2 error or too few images, 130 interrupted.`,
  fit: `
Examples:
  $ npx pixeldrift fit training-images/ --out detector.pixeldrift
  $ npx pixeldrift fit images.tar --out detector.pixeldrift --tolerate rotation=10,brightness=0.1
  $ npx pixeldrift fit images.npz --column x_train --out detector.pixeldrift --resume training.state
  $ npx pixeldrift fit training-images/ --reference validation-images/ --out detector.pixeldrift \\
      --classifier resnet.onnx --classifier-mean 0.485,0.456,0.406 --classifier-std 0.229,0.224,0.225
  $ npx pixeldrift fit training.csv --reference validation.csv --out detector.pixeldrift
  $ npx pixeldrift fit photos/ --out detector.pixeldrift \\
      --probabilities photos-probabilities.npy --unseen-by-classifier

Changes to tolerate: noise, brightness and contrast (0 to 1), rotation (degrees),
translation (share of the side, 0 to 0.5).

Of images it was trained on, a classifier’s outputs are memory, and every new batch differs from
them. They count where --reference gives images it has not seen, or --unseen-by-classifier says
that it has seen none; otherwise only the images themselves are compared.

${VECTORS}`,
  check: `
Examples:
  $ npx pixeldrift check detector.pixeldrift todays-images/
  $ npx pixeldrift check detector.pixeldrift todays-images/ --report report.html --scores scores.csv
  $ npx pixeldrift check detector.pixeldrift batch.npz --threshold 10% --json
  $ npx pixeldrift check detector.pixeldrift todays-images/ --probabilities todays-probabilities.npy
  $ npx pixeldrift check detector.pixeldrift 'features-*.parquet'

${VECTORS}

Exit codes: 0 no drift, 1 drift, 2 error or too few images, 130 interrupted.`,
  stream: `
Examples:
  $ npx pixeldrift stream detector.pixeldrift todays-images/ --state stream.state
  $ npx pixeldrift stream detector.pixeldrift images.csv --by camera --false-alarm-every 1000000 --json

Images in order of time: a table by its timestamps, files by their EXIF data, else by name. With --state
the next run takes only images behind those that were seen. At most one false alarm in so many images is expected,
proven for images that don't depend on each other (--calibrated: simulated, a little sooner).

Exit codes: 0 no drift, 1 drift, 2 error or dependent images, 130 interrupted.`,
  rehearse: `
Examples:
  $ npx pixeldrift rehearse detector.pixeldrift last-month/ --report rehearsal.html
  $ npx pixeldrift rehearse detector.pixeldrift last-month.csv --batch-size 500 --false-alarm-every 1000000

What past images would have told, in order; then which changes injected into them are found: from which
strength on, and after how many images. Minutes; with --report, a run that was stopped goes on.`,
  measure: `
Examples:
  $ npx pixeldrift measure detector.pixeldrift todays-images/ --out features.parquet
  $ npx pixeldrift check detector.pixeldrift features.parquet
  $ npx pixeldrift measure detector.pixeldrift images.tar --shard 3/16 --out part-3.parquet
  $ npx pixeldrift check detector.pixeldrift 'part-*.parquet'

A run that was stopped goes on where it was when it is started again; the file is the same. Parts may
be measured on any machines and checked together in any order: the verdict is that of one run.`,
  rebaseline: `
Examples:
  $ npx pixeldrift rebaseline detector.pixeldrift new-images/ --out new.pixeldrift
  $ npx pixeldrift rebaseline detector.pixeldrift features.parquet --out new.pixeldrift --accept

What was learned stays; batches are compared with the new images from then on. Without --accept it
says what would change, writes nothing, and ends with 2.`,
  serve: `
Examples:
  $ npx pixeldrift serve --detector detector.pixeldrift --watch incoming-images/
  $ npx pixeldrift serve --config monitor.yaml

Images come over HTTP (POST /v1/monitors/default/images) or from a folder; each is counted once, whatever
happens in between. What is found is printed, kept, served and told to the channels of the configuration.
Beyond this machine it listens only once there is a token. All of it: docs/monitor.md.`,
  send: `
Examples:
  $ npx pixeldrift send todays-images/
  $ npx pixeldrift send images.csv --to http://localhost:8080 --by camera

Files are sent as they are, under their names, in order of time; those that the service has are passed over,
so that a run that was stopped goes on. PIXELDRIFT_TOKEN is sent where there is one.`,
  token: `
Examples:
  $ npx pixeldrift token create --name cameras --scope ingest
  $ npx pixeldrift token list

Whoever has a token for ingest may send images, for read may look, for admin may do everything. Once there
is one, nobody speaks to the service without; only its digest is kept.`,
  backup: `
Examples:
  $ npx pixeldrift backup monday.backup
  $ npx pixeldrift backup monday.backup --database postgres://me@host/pixeldrift

All as it is at one moment, images that are kept too, as one file (of SQLite, whichever database it is from).`,
  restore: `
Examples:
  $ npx pixeldrift restore monday.backup --data pixeldrift-data
  $ npx pixeldrift restore monday.backup --database postgres://me@host/empty

Into a new folder or an empty database, of either kind. What was accepted since the backup is missing: each
monitor says so in its events. Images of a watched folder are taken again, clients may send theirs again.`,
  export: `
Example:
  $ npx pixeldrift export detector.pixeldrift --out scorer.onnx

The model takes images, float32 N×C×H×W in [0, 1], and gives loss, columns and reconstruction.`,
} as const
