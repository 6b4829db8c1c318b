import { type ReactNode, useMemo } from "react";

import { heatPixels } from "./heat.ts";
import PixelCanvas from "./PixelCanvas.tsx";
import { rgbOf } from "./rgb.ts";
import { valueText } from "./tensorValues.ts";
import { useIsDark } from "./useIsDark.ts";

interface Props {
  readonly width: number;
  readonly height: number;
  readonly values: readonly number[];
  readonly mark?: number | undefined;
}

/** A table of numbers as colours, with the least and the most below it. */
export default function HeatMap({ width, height, values, mark }: Props): ReactNode {
  const isDark = useIsDark();
  // Colours are read from the style sheet, which follows the scheme: so it is named, though nothing here reads it.
  const pixels = useMemo(
    () => heatPixels(values, { zero: rgbOf("--sunken"), above: rgbOf("--chart-1"), below: rgbOf("--chart-3") }),
    [values, isDark],
  );
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const range = `from ${valueText(least)} to ${valueText(most)}`;
  return (
    <>
      <PixelCanvas
        width={width}
        height={height}
        pixels={pixels}
        mark={mark}
        label={`Heat map of ${width} × ${height} numbers ${range}`}
      />
      <p className="hint">Numbers {range}; the further from zero, the stronger the colour.</p>
    </>
  );
}
