import { markup, type Markup } from '../../charts/index.ts'

/** One column: its heading and what it shows of a row. */
export type TableColumn<Row> = {
  readonly heading: string
  /** Numbers are set to the right, in figures of one width. */
  readonly numeric?: boolean
  readonly cell: (row: Row) => string
}

/** A table that scrolls sideways on small screens; `isWeak` rows are greyed. */
export function dataTable<Row>(
  name: string,
  columns: readonly TableColumn<Row>[],
  rows: { readonly rows: readonly Row[]; readonly isWeak?: (row: Row) => boolean },
): Markup {
  const className = (column: TableColumn<Row>): Markup | null =>
    column.numeric === true ? markup` class="number"` : null
  return markup`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr>${columns.map((column) => markup`<th scope="col"${className(column)}>${column.heading}</th>`)}</tr></thead>
<tbody>
${rows.rows.map(
  (row) =>
    markup`<tr${rows.isWeak?.(row) === true ? markup` class="weak"` : null}>${columns.map(
      (column) => markup`<td${className(column)}>${column.cell(row)}</td>`,
    )}</tr>
`,
)}</tbody></table></div>`
}
