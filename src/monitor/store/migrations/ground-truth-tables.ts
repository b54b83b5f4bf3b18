import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../database.ts'

/** What is known of detectors, true classes, and how often the model was right. */
export async function groundTruthTables(
  db: Kysely<unknown>,
  { integer }: ColumnTypes,
): Promise<void> {
  const whole = sql.raw<number>(integer)
  await db.schema.alterTable('detectors').addColumn('facts', 'text').execute()
  await db.schema
    .createTable('ground_truth')
    .addColumn('monitor', 'text', (column) => column.notNull())
    .addColumn('prediction_id', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('said_at', whole, (column) => column.notNull())
    .addColumn('image', whole)
    .addColumn('predicted', 'text')
    .addColumn('source', 'text')
    .addColumn('day', whole)
    .addColumn('number', whole)
    .addColumn('number_of_source', whole)
    .addPrimaryKeyConstraint('ground_truth_of_one_name', ['monitor', 'prediction_id'])
    .execute()
  await db.schema
    .createIndex('ground_truth_waiting')
    .on('ground_truth')
    .columns(['monitor', 'said_at'])
    .where(sql.ref('image'), 'is', null)
    .execute()
  await db.schema.createIndex('ground_truth_by_image').on('ground_truth').column('image').execute()
  await db.schema
    .createTable('accuracy')
    .addColumn('monitor', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('accuracy_of_one_source', ['monitor', 'source'])
    .execute()
  await db.schema
    .createTable('answers')
    .addColumn('monitor', 'text', (column) => column.notNull())
    .addColumn('day', whole, (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('predicted', 'text', (column) => column.notNull())
    .addColumn('actual', 'text', (column) => column.notNull())
    .addColumn('images', whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('answers_of_one_kind', [
      'monitor',
      'day',
      'source',
      'predicted',
      'actual',
    ])
    .execute()
}
