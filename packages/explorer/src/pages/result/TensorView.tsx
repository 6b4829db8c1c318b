import "./result.css";

import type { Tensor } from "@opg-protocol/sdk";
import { type ReactNode, useMemo } from "react";

import { ForeignBlock } from "../../parts/ForeignBlock.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { specText } from "../../playground/tensorText.ts";
import HeatMap from "./HeatMap.tsx";
import NumbersTable from "./NumbersTable.tsx";
import PixelCanvas from "./PixelCanvas.tsx";
import Scores from "./Scores.tsx";
import { kindOf, pixelsOf, type TensorKind } from "./tensorKind.ts";
import { valuesOf, valueText } from "./tensorValues.ts";

interface Props {
  readonly tensor: Tensor;
  /** What the model calls it; foreign text. */
  readonly name?: string | undefined;
  /** An element to point out, counted row by row. */
  readonly mark?: number | undefined;
  /** Whether it is the window of a text, with zeros around it. */
  readonly isWindow?: boolean;
}

/** A tensor as picture, text, bars, heat map or number, and its numbers as a table. */
export default function TensorView({ tensor, name, mark, isWindow = false }: Props): ReactNode {
  const kind = useMemo(() => kindOf(tensor, isWindow), [tensor, isWindow]);
  return (
    <div className="tensor">
      <p className="hint">
        {name !== undefined && (
          <>
            <ForeignText text={name} max={40} />{" "}
          </>
        )}
        <code>{specText(tensor)}</code>
      </p>
      <Shown tensor={tensor} name={name} mark={mark} kind={kind} />
      {kind.kind !== "number" && kind.kind !== "text" && (
        <details>
          <summary>Numbers of this tensor</summary>
          <NumbersTable tensor={tensor} />
        </details>
      )}
    </div>
  );
}

function Shown({ tensor, name, mark, kind }: Props & { readonly kind: TensorKind }): ReactNode {
  const values = useMemo(() => valuesOf(tensor), [tensor]);
  switch (kind.kind) {
    case "text":
      return <ForeignBlock text={kind.text} />;
    case "picture":
      return <Picture tensor={tensor} kind={kind} mark={mark} />;
    case "heat":
      return <HeatMap width={kind.width} height={kind.height} values={values} mark={mark} />;
    case "scores":
      return <Scores values={values} name={name} />;
    case "number":
      return (
        <p className="answer">
          <strong className="number">{valueText(values[0] ?? NaN)}</strong>
        </p>
      );
    case "numbers":
      return mark === undefined ? null : (
        <p>
          Element {mark}: <strong className="number">{valueText(values[mark] ?? NaN)}</strong>
        </p>
      );
  }
}

interface PictureProps {
  readonly tensor: Tensor;
  readonly kind: Extract<TensorKind, { readonly kind: "picture" }>;
  readonly mark: number | undefined;
}

function Picture({ tensor, kind: { plane }, mark }: PictureProps): ReactNode {
  const pixels = useMemo(() => pixelsOf(tensor, plane), [tensor, plane]);
  const { width, height, channels } = plane;
  const place = mark === undefined ? undefined : mark % (width * height);
  const label = `${channels === 3 ? "Picture in colours" : "Grey picture"}, ${width} × ${height} pixels`;
  return <PixelCanvas width={width} height={height} pixels={pixels} mark={place} label={label} />;
}
