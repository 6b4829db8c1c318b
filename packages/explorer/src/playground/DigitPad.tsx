import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

import { heatPixels } from "../pages/result/heat.ts";
import { rgbOf } from "../pages/result/rgb.ts";
import { useIsDark } from "../pages/result/useIsDark.ts";
import { resolvedColour } from "../parts/charts/colours.ts";
import { emptySketch, isMove, moved, type Place, type Sketch, SKETCH_SIDE, stroke } from "./sketch.ts";

interface Props {
  readonly label: string;
  readonly sketch: Sketch;
  readonly onChange: (sketch: Sketch) => void;
}

const MIDDLE: Place = { x: SKETCH_SIDE / 2, y: SKETCH_SIDE / 2 };

/** A field to draw on, with a pointer or with the keys. */
export default function DigitPad({ label, sketch, onChange }: Props): ReactNode {
  const help = useId();
  const isDark = useIsDark();
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Place>(undefined);
  const [pen, setPen] = useState({ place: MIDDLE, isDown: false, isShown: false });
  useEffect(() => {
    if (canvas.current !== null) paint(canvas.current, sketch, pen.isShown ? pen.place : undefined);
  }, [sketch, pen, isDark]);

  const draw = (to: Place) => {
    onChange(stroke(sketch, last.current ?? to, to));
    last.current = to;
  };
  const press = (event: KeyboardEvent<HTMLCanvasElement>) => {
    const { key } = event;
    if (key !== " " && !isMove(key)) return;
    event.preventDefault();
    const place = moved(pen.place, key);
    const isDown = key === " " ? !pen.isDown : pen.isDown;
    if (isDown) onChange(stroke(sketch, pen.place, place));
    setPen({ place, isDown, isShown: true });
  };
  return (
    <div className="pad">
      <canvas
        ref={canvas}
        className="pad-field"
        width={SKETCH_SIDE}
        height={SKETCH_SIDE}
        tabIndex={0}
        role="application"
        aria-label={label}
        aria-describedby={help}
        onKeyDown={press}
        onBlur={() => {
          setPen({ ...pen, isDown: false, isShown: false });
        }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          draw(placeIn(event));
        }}
        onPointerMove={(event) => {
          if (last.current !== undefined) draw(placeIn(event));
        }}
        onPointerUp={() => {
          last.current = undefined;
        }}
        onPointerCancel={() => {
          last.current = undefined;
        }}
      />
      <p id={help} className="hint">
        Draw with mouse or finger. With the keyboard: arrows move the pen, space puts it down or lifts it.
      </p>
      <p className="hint pad-state" aria-live="polite">
        {pen.isShown &&
          `Pen ${pen.isDown ? "down" : "up"} at row ${Math.ceil(pen.place.y)}, column ${Math.ceil(pen.place.x)}`}
      </p>
      <button
        type="button"
        onClick={() => {
          last.current = undefined;
          onChange(emptySketch());
        }}
      >
        Clear
      </button>
    </div>
  );
}

/** Where a pointer is on the field. */
function placeIn({ currentTarget, clientX, clientY }: PointerEvent<HTMLCanvasElement>): Place {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  return { x: ((clientX - left) / width) * SKETCH_SIDE, y: ((clientY - top) / height) * SKETCH_SIDE };
}

/** Ink and paper in the colours of the page; the pen of the keyboard is a dot. */
function paint(canvas: HTMLCanvasElement, sketch: Sketch, pen: Place | undefined): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const pixels = heatPixels(Array.from(sketch), {
    zero: rgbOf("--raised"),
    above: rgbOf("--text"),
    below: rgbOf("--text"),
  });
  context.putImageData(new ImageData(pixels, SKETCH_SIDE, SKETCH_SIDE), 0, 0);
  if (pen === undefined) return;
  context.fillStyle = resolvedColour("--bad");
  context.fillRect(Math.floor(pen.x), Math.floor(pen.y), 1, 1);
}
