/** A folder with one door, `index.ts`; or a single file. */
export type Room = {
  /** What lives there, as ARCHITECTURE.md prints it. */
  readonly holds: string
  /** Rooms whose door it may use; `errors` is open to all. */
  readonly mayImport: readonly string[]
  /** Rooms whose types it may use beside those: nothing of them is loaded. */
  readonly mayImportTypes?: readonly string[]
}

/** The rooms of `src/`, in the order of the way of the data. A room may stand empty. */
export const mayImport: Readonly<Record<string, Room>> = {
  errors: { holds: '`DriftError` and its codes', mayImport: [] },
  'feature-groups': {
    holds: 'families of features: title, test, how a change is named; runs in a browser',
    mayImport: [],
  },
  'file-properties': {
    holds:
      'what the files of images say beside the pixels: columns, codes of names; runs in a browser',
    mayImport: [],
  },
  'whole-file': { holds: 'files that appear whole or not at all', mayImport: [] },
  thread: {
    holds: 'functions on threads of their own, each kind a file `…-thread.ts`',
    mayImport: [],
  },
  tensor: {
    holds: 'shape + Float32Array, linear algebra, seeded random',
    mayImport: [],
  },
  parquet: { holds: 'Parquet tables: open, read by columns or rows, write', mayImport: [] },
  statistics: {
    holds:
      'pure functions, numbers in, numbers out: the window test, what changed and how much, kinds of shift, distributions',
    mayImport: ['tensor'],
  },
  storage: {
    holds: 'stored bytes by range or as a stream: files, objects of a bucket (`s3://`)',
    mayImport: [],
  },
  images: {
    holds: '`ImageSource` port, one file per source, decode, resize, batches; corruptions',
    mayImport: ['file-properties', 'thread', 'tensor', 'parquet', 'storage'],
  },
  engine: {
    holds: '`graph/` (immutable nodes, ops), gradient, `onnx/`, session, `nn/`, `training/`',
    mayImport: ['whole-file', 'thread', 'tensor'],
  },
  representations: {
    holds:
      '`Representation` port; one list of kinds: autoencoder, image properties, principal components, classifier outputs, …',
    mayImport: ['feature-groups', 'file-properties', 'tensor', 'images', 'engine'],
  },
  'measuring/values': {
    holds: 'what measuring hands on: plain data',
    mayImport: ['feature-groups', 'file-properties', 'tensor'],
    mayImportTypes: ['images', 'representations'],
  },
  measuring: {
    holds:
      'the extractor: all representations as one, on several threads; measuring, files of measurements',
    mayImport: [
      'file-properties',
      'thread',
      'tensor',
      'parquet',
      'images',
      'engine',
      'representations',
      'measuring/values',
    ],
  },
  verdict: {
    holds:
      'the one schema of a verdict: judgement, words, period, provenance; its types; runs in a browser',
    mayImport: ['feature-groups', 'file-properties'],
  },
  judging: {
    holds:
      'baseline, policy, window test, tolerated changes, evidence, kind of shift; no images, no engine',
    mayImport: ['file-properties', 'tensor', 'statistics', 'measuring/values'],
    mayImportTypes: ['verdict'],
  },
  wording: {
    holds:
      'the words of a verdict: what is seen, how sure, how bad, what next; numbers as people read them; runs in a browser',
    mayImport: ['file-properties', 'feature-groups'],
    mayImportTypes: ['verdict'],
  },
  detector: {
    holds:
      'the façade; `fitting/`, `artifact/` (one file on disk), `settings/` (options and their defaults)',
    mayImport: [
      'file-properties',
      'whole-file',
      'tensor',
      'statistics',
      'images',
      'representations',
      'measuring/values',
      'measuring',
      'verdict',
      'judging',
      'wording',
    ],
  },
  charts: {
    holds: 'SVG charts of plain data, colours, safe markup; runs in a browser',
    mayImport: ['wording'],
  },
  report: {
    holds: 'report data, JSON, HTML with pictures and charts, terminal text',
    mayImport: [
      'tensor',
      'images',
      'measuring/values',
      'verdict',
      'judging',
      'detector',
      'wording',
      'charts',
    ],
  },
  client: {
    holds: 'a client of the service, without any package; runs in a browser',
    mayImport: [],
  },
  'monitor/log': { holds: 'where the service says what it does: a port', mayImport: [] },
  'monitor/calendar': {
    holds: 'days and hours of a time zone, whatever is done to its clocks',
    mayImport: [],
  },
  'monitor/store': {
    holds: 'what the service remembers: tables and queries, the same on SQLite and PostgreSQL',
    mayImport: [],
  },
  'monitor/processes': {
    holds: 'functions in child processes, their limits; each kind a file `…-process.ts`',
    mayImport: ['monitor/log'],
  },
  'monitor/inbox': {
    holds: 'images that were accepted: stored for good, each name once',
    mayImport: ['monitor/store'],
    mayImportTypes: ['detector'],
  },
  'monitor/measuring': {
    holds: 'images to numbers in child processes; one that ends them is left out by name',
    mayImport: ['images', 'detector', 'monitor/log', 'monitor/processes'],
  },
  'monitor/fitting': {
    holds: 'detectors fitted in a process of their own, as jobs',
    mayImport: ['images', 'detector', 'monitor/log', 'monitor/store', 'monitor/processes'],
  },
  'monitor/unpacking': {
    holds: 'arrays, tables and archives that were sent, read in a process of its own',
    mayImport: ['images', 'monitor/log', 'monitor/processes'],
  },
  'monitor/watching': {
    holds: 'streams, windows, states of sources: what is found of counted images',
    mayImport: [
      'images',
      'measuring/values',
      'judging',
      'wording',
      'detector',
      'report',
      'monitor/log',
      'monitor/calendar',
      'monitor/store',
      'monitor/processes',
      'monitor/measuring',
      'monitor/guards',
    ],
    mayImportTypes: ['verdict'],
  },
  'monitor/guards': {
    holds: 'what can be wrong with images before anything is said of what they show',
    mayImport: ['statistics', 'judging', 'wording'],
    mayImportTypes: ['file-properties', 'measuring/values', 'verdict'],
  },
  'monitor/quality': {
    holds: 'true classes, and how often the model is right',
    mayImport: ['statistics', 'wording', 'monitor/calendar', 'monitor/store'],
    mayImportTypes: ['detector', 'monitor/watching'],
  },
  'monitor/alerts': {
    holds: 'what follows from what is found: alerts, the outbox, one file per channel',
    mayImport: ['monitor/log', 'monitor/calendar', 'monitor/store', 'monitor/guards'],
    mayImportTypes: ['detector', 'monitor/watching'],
  },
  'monitor/sources': {
    holds: 'images that come of themselves: a watched folder',
    mayImport: ['images', 'monitor/inbox', 'monitor/log', 'monitor/store'],
  },
  'monitor/jobs': {
    holds: 'what is done again and again: retention',
    mayImport: ['monitor/log', 'monitor/store'],
    mayImportTypes: ['monitor/watching'],
  },
  'monitor/http': {
    holds: 'routes, tokens, errors by RFC 9457, OpenAPI',
    mayImport: [
      'images',
      'measuring/values',
      'verdict',
      'wording',
      'monitor/log',
      'monitor/store',
      'monitor/inbox',
      'monitor/guards',
      'monitor/fitting',
      'monitor/unpacking',
      'monitor/watching',
      'monitor/quality',
      'monitor/alerts',
    ],
    mayImportTypes: ['detector'],
  },
  monitor: {
    holds: 'the service put together: configuration, metrics',
    mayImport: [
      'detector',
      'monitor/log',
      'monitor/store',
      'monitor/inbox',
      'monitor/measuring',
      'monitor/fitting',
      'monitor/unpacking',
      'monitor/watching',
      'monitor/quality',
      'monitor/alerts',
      'monitor/sources',
      'monitor/jobs',
      'monitor/http',
    ],
  },
  index: {
    holds: 'the public API: names of the rooms, listed by hand',
    mayImport: [
      'file-properties',
      'tensor',
      'statistics',
      'images',
      'engine',
      'representations',
      'measuring/values',
      'measuring',
      'verdict',
      'judging',
      'detector',
      'charts',
      'report',
    ],
  },
  cli: {
    holds: 'lazy subcommands, output, exit codes',
    mayImport: [
      'file-properties',
      'whole-file',
      'tensor',
      'statistics',
      'images',
      'representations',
      'measuring/values',
      'measuring',
      'verdict',
      'judging',
      'detector',
      'wording',
      'report',
      'client',
      'monitor',
      'index',
    ],
  },
}

/** Rooms that run in a browser too: neither they nor what they load may import a Node module. */
export const browserRooms: readonly string[] = [
  'feature-groups',
  'file-properties',
  'measuring/values',
  'verdict',
  'judging',
  'wording',
  'charts',
  'client',
]

/** Files of studies that use a package as the tool of somebody else, on purpose beside its owner. */
export const otherTools: Readonly<Record<string, readonly string[]>> = {
  'bench/harness/picture-folders.ts': ['sharp'],
  'bench/workers/decoding.ts': ['sharp'],
  'evaluation/containers/write-containers.ts': ['sharp'],
  'evaluation/hostile/base-files.ts': ['sharp', 'hyparquet-writer'],
  'evaluation/s3/seaweedfs.ts': ['aws4fetch'],
  'evaluation/tolerance/turn-by-sharp.ts': ['sharp'],
}

/** Third-party package (or Node module) → the file or folder of `src/` that may import it; two where it declares types. */
export const owners: Readonly<Record<string, string | readonly string[]>> = {
  '@bufbuild/protobuf': 'src/engine/onnx/',
  '@commander-js/extra-typings': 'src/cli/',
  '@cwasm/jpeg-turbo': 'src/images/codec/jpeg.ts',
  '@fastify/multipart': 'src/monitor/http/',
  '@fastify/swagger': 'src/monitor/http/',
  aws4fetch: 'src/storage/s3-client.ts',
  commander: 'src/cli/',
  'd3-array': 'src/charts/',
  'd3-scale': 'src/charts/',
  'd3-shape': 'src/charts/',
  fastify: 'src/monitor/http/',
  'fastify-type-provider-zod': 'src/monitor/http/',
  fflate: 'src/detector/artifact/artifact.ts',
  hyparquet: 'src/parquet/',
  'hyparquet-compressors': 'src/parquet/',
  'hyparquet-writer': 'src/parquet/',
  kysely: 'src/monitor/store/',
  nodemailer: 'src/monitor/alerts/channels/email.ts',
  'onnx-buf': 'src/engine/onnx/',
  'onnxruntime-node': 'src/engine/session.ts',
  'opentype.js': 'src/cli/demo-data/',
  pg: 'src/monitor/store/open-postgres.ts',
  picocolors: 'src/report/terminal/',
  'prom-client': 'src/monitor/metrics.ts',
  'pure-rand': 'src/tensor/random.ts',
  sharp: 'src/images/codec/',
  'tar-stream': 'src/images/sources/tar.ts',
  yaml: 'src/monitor/config.ts',
  yauzl: 'src/images/zip-file.ts',
  zod: ['src/verdict/', 'src/detector/', 'src/monitor/'],
  'node:http': 'src/monitor/',
  'node:https': 'src/monitor/',
  'node:net': 'src/monitor/',
  'node:tls': 'src/monitor/',
  'node:http2': 'src/monitor/',
  'node:dgram': 'src/monitor/',
  'node:sqlite': 'src/monitor/store/open-sqlite.ts',
  'node:child_process': 'src/monitor/',
}

/** Reading these in a room below `monitor` and `cli` is a hidden argument; so is the network. */
export const ambientReadings: readonly string[] = [
  'Math.random(',
  'Date.now(',
  'new Date()',
  'performance.now(',
  'process.hrtime',
  'process.env',
  'fetch(',
  'WebSocket(',
  'EventSource(',
]

/** The default of an argument, for who uses the library alone: one reading, in one file. */
export const ambientDefaults: Readonly<Record<string, string>> = {
  'src/detector/provenance.ts': 'new Date()',
  // Not read but written, for native code that can be told in no other way.
  'src/engine/runtime-telemetry.ts': 'process.env',
  // Credentials and address of a bucket, as every tool for S3 takes them.
  'src/storage/s3-settings.ts': 'process.env',
  // Asked only for a location that the user wrote as s3://.
  'src/storage/s3-client.ts': 'fetch(',
}

/** Where types may name each other in circles: an op is a record of functions of nodes, a node names its op. */
export const typesInCircles = 'src/engine/graph/'

/** Longest source file, in lines. */
export const maximumLines = 400

/** Names that say nothing of what is inside; a helper lives with its subject. */
export const forbiddenNames: readonly string[] = [
  'base',
  'common',
  'core',
  'helper',
  'helpers',
  'lib',
  'manager',
  'misc',
  'shared',
  'types',
  'util',
  'utilities',
  'utils',
]
