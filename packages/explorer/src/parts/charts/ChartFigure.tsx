import "./charts.css";

import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  /** What the chart shows, in a sentence: all that a screen reader says of the picture. */
  readonly label: string;
  /** Heads of the table's columns. */
  readonly columns: readonly string[];
  /** The chart's numbers as text or links. */
  readonly rows: readonly (readonly ReactNode[])[];
  /** Said below the table, such as that older rows are left out. */
  readonly note?: string | undefined;
  readonly children: ReactNode;
}

/** Frame of each chart: its title, the picture with a text in its place, and its numbers as a table. */
export default function ChartFigure({ title, label, columns, rows, note, children }: Props): ReactNode {
  if (rows.length === 0) {
    return (
      <figure className="chart">
        <figcaption>{title}</figcaption>
        <p className="chart-empty">No data yet.</p>
      </figure>
    );
  }
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <div role="img" aria-label={label} className="chart-picture">
        {children}
      </div>
      <details>
        <summary>Numbers of this chart</summary>
        <div className="chart-table" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {note !== undefined && <p>{note}</p>}
        </div>
      </details>
    </figure>
  );
}
