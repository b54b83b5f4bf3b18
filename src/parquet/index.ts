export { openParquet, type ParquetField, type ParquetTable, type RowRange } from './open-parquet.ts'
export { createParquetWriter, type ParquetColumn, type ParquetValues } from './parquet-writer.ts'
