import { type ReactNode, useState } from "react";

/** A column of a table. */
export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Numbers stand at the end. */
  readonly align?: "end";
  readonly render: (row: Row) => ReactNode;
  /** By what rows are sorted when the column's heading is pressed. */
  readonly sort?: (row: Row) => bigint | number | string;
}

interface Props<Row> {
  /** What the table lists, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Shown where there is no row. */
  readonly empty: ReactNode;
  readonly pageSize?: number;
}

interface Order {
  readonly key: string;
  readonly isDescending: boolean;
}

/** A table in pages, sorted by its headings. */
export function DataTable<Row>({ caption, columns, rows, rowKey, empty, pageSize = 25 }: Props<Row>): ReactNode {
  const [order, setOrder] = useState<Order>();
  const [page, setPage] = useState(0);
  if (rows.length === 0) return <div className="note">{empty}</div>;
  const sorted = sortRows(rows, columns, order);
  const pages = Math.ceil(rows.length / pageSize);
  const shown = Math.min(page, pages - 1);
  const press = (key: string) => {
    setOrder({ key, isDescending: order?.key !== key || !order.isDescending });
    setPage(0);
  };
  return (
    <>
      <div className="table" role="group" aria-label={caption} tabIndex={0}>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.key} column={column} order={order} press={press} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(shown * pageSize, (shown + 1) * pageSize).map((row) => (
              <tr key={rowKey(row)}>
                {columns.map(({ key, align, render }) => (
                  <td key={key} className={align}>
                    {render(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && <Pager page={shown} pages={pages} go={setPage} what={caption} />}
    </>
  );
}

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly order: Order | undefined;
  readonly press: (key: string) => void;
}

function Heading<Row>({ column: { key, title, align, sort }, order, press }: HeadingProps<Row>): ReactNode {
  // Columns of links and buttons need no title, and a heading may not be empty.
  if (title === "") return <td />;
  if (sort === undefined) {
    return (
      <th scope="col" className={align}>
        {title}
      </th>
    );
  }
  const direction = order?.key === key ? (order.isDescending ? "descending" : "ascending") : "none";
  return (
    <th scope="col" className={align} aria-sort={direction}>
      <button
        type="button"
        className="sort"
        onClick={() => {
          press(key);
        }}
      >
        {title}
        <span aria-hidden="true">
          {direction === "none" ? "\u00a0↕" : direction === "descending" ? "\u00a0↓" : "\u00a0↑"}
        </span>
      </button>
    </th>
  );
}

interface PagerProps {
  readonly page: number;
  readonly pages: number;
  readonly go: (page: number) => void;
  readonly what: string;
}

function Pager({ page, pages, go, what }: PagerProps): ReactNode {
  return (
    <nav className="pager" aria-label={`Pages of: ${what}`}>
      <button
        type="button"
        disabled={page === 0}
        onClick={() => {
          go(page - 1);
        }}
      >
        Previous
      </button>
      <span>
        {page + 1} of {pages}
      </span>
      <button
        type="button"
        disabled={page === pages - 1}
        onClick={() => {
          go(page + 1);
        }}
      >
        Next
      </button>
    </nav>
  );
}

function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | undefined,
): readonly Row[] {
  const by = columns.find(({ key }) => key === order?.key)?.sort;
  if (by === undefined || order === undefined) return rows;
  const sign = order.isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [by(a), by(b)];
    return left < right ? -sign : left > right ? sign : 0;
  });
}
