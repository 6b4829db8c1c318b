import type { DisputedElement } from "@opg-protocol/sdk";
import type { ProgramStep } from "@opg-protocol/sdk/onnx";
import { type ReactNode, useMemo, useState } from "react";

import { brightness, type Cell, coordinatesText, type Plane, planeOf, type ShownWords } from "./plane.ts";

/** Units of the picture that a number takes, with its digits and without. */
const [ROOMY, TIGHT] = [44, 16];
/** Above so many columns there is no room for digits. */
const MOST_WITH_DIGITS = 12;
/** Above this a cell is so full of colour that its digits need that of the paper. */
const BRIGHT = 0.55;

interface Props {
  readonly step: ProgramStep["step"];
  /** All words of the tensor as it should be. */
  readonly right: Uint8Array;
  readonly shown: ShownWords;
  readonly element: DisputedElement & { readonly coordinates: readonly number[] };
  /** Tokens of a language model. */
  readonly window: number | undefined;
}

/** The plane of the tensor in which the contested element lies, each number as bright as it is large. */
export function TensorMap({ step, right, shown, element, window }: Props): ReactNode {
  const { coordinates: contested } = element;
  const count = step.shape.length === 4 ? (step.shape[1] ?? 1) : 1;
  const [channel, setChannel] = useState(contested[1] ?? 0);
  const plane = useMemo(() => {
    const leading = step.shape.length === 4 ? [contested[0] ?? 0, channel] : contested.slice(0, -2);
    return planeOf(step, right, shown, { contested, leading });
  }, [step, right, shown, contested, channel]);
  const where = coordinatesText(step.shape, contested, window);
  return (
    <figure>
      <figcaption>
        The tensor{count > 1 ? `, channel ${channel} of 0 to ${count - 1}` : ""}. Contested: {where}
      </figcaption>
      {count > 1 && (
        <label className="field">
          <span>Channel</span>
          <select
            value={channel}
            onChange={(event) => {
              setChannel(Number(event.target.value));
            }}
          >
            {Array.from({ length: count }, (_, i) => (
              <option key={i} value={i}>
                {i === contested[1] ? `${i} (contested)` : i}
              </option>
            ))}
          </select>
        </label>
      )}
      <Grid plane={plane} where={where} element={element} />
      {plane.isCut && (
        <p className="muted">
          Rows {plane.firstRow} to {plane.firstRow + plane.rows - 1} and columns {plane.firstColumn} to{" "}
          {plane.firstColumn + plane.columns - 1}, around the contested element.
        </p>
      )}
      <Numbers plane={plane} />
    </figure>
  );
}

interface GridProps {
  readonly plane: Plane;
  readonly where: string;
  readonly element: DisputedElement;
}

function Grid({ plane, where, element: { claimed, right } }: GridProps): ReactNode {
  const hasDigits = plane.columns <= MOST_WITH_DIGITS;
  const size = hasDigits ? ROOMY : TIGHT;
  const [width, height] = [plane.columns * size, plane.rows * size];
  const values = `${claimed.stored.toString()} is claimed, ${right?.stored.toString() ?? "unknown"} is right`;
  return (
    <div className="tensor-box" role="region" aria-label="Numbers of the tensor as a picture" tabIndex={0}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img">
        <title>{`A grid of ${plane.rows} by ${plane.columns} numbers. At ${where}, ${values}.`}</title>
        {plane.cells.map((cell) => (
          <Square key={`${cell.row}-${cell.column}`} cell={cell} plane={plane} size={size} hasDigits={hasDigits} />
        ))}
      </svg>
    </div>
  );
}

interface SquareProps {
  readonly cell: Cell;
  readonly plane: Plane;
  readonly size: number;
  readonly hasDigits: boolean;
}

function Square({ cell, plane, size, hasDigits }: SquareProps): ReactNode {
  const { row, column, right, claimed, isContested } = cell;
  const [x, y] = [(column - plane.firstColumn) * size, (row - plane.firstRow) * size];
  const bright = brightness(plane, right);
  const isWrong = claimed !== undefined && claimed !== right;
  const middle = x + size / 2;
  const frame = isContested ? "contested" : isWrong ? "wrong" : undefined;
  return (
    <g>
      <rect
        x={x}
        y={y}
        width={size}
        height={size}
        className="tensor-cell"
        fillOpacity={frame === undefined ? bright : 0}
      />
      {frame !== undefined && (
        <rect x={x + 1.5} y={y + 1.5} width={size - 3} height={size - 3} className={`tensor-frame ${frame}`} />
      )}
      {hasDigits && frame === undefined && (
        <text x={middle} y={y + size / 2} className={bright > BRIGHT ? "on-ink" : undefined}>
          {digits(right)}
        </text>
      )}
      {hasDigits && frame !== undefined && (
        <>
          <text x={middle} y={y + size / 3} className="claimed">
            {digits(claimed ?? right)}
          </text>
          <text x={middle} y={y + (2 * size) / 3} className="right">
            {digits(right)}
          </text>
        </>
      )}
    </g>
  );
}

/** A number in as few characters as fit into a cell. */
const digits = (value: number): string => (Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(3))}`);

/** The same as a table. */
function Numbers({ plane }: { readonly plane: Plane }): ReactNode {
  const { rows, columns, cells, firstRow, firstColumn } = plane;
  return (
    <details>
      <summary>The numbers as a table</summary>
      <div className="table" role="region" aria-label="Numbers of the tensor" tabIndex={0}>
        <table>
          <caption>Right numbers; where the node claims another, that one follows in brackets</caption>
          <thead>
            <tr>
              <th scope="col">Row</th>
              {Array.from({ length: columns }, (_, i) => (
                <th key={i} scope="col" className="end">
                  {firstColumn + i}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, i) => (
              <tr key={i}>
                <th scope="row">{firstRow + i}</th>
                {cells.slice(i * columns, (i + 1) * columns).map(({ column, right, claimed, isContested }) => (
                  <td key={column} className="end number" aria-current={isContested ? "true" : undefined}>
                    {digits(right)}
                    {claimed !== undefined && claimed !== right && <strong> ({digits(claimed)})</strong>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
