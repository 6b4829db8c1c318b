import type { Grey } from "./digit.ts";

/** Rows and columns of the field that is drawn on. */
export const SKETCH_SIDE = 28;
/** Half of the pen's width, and how far its edge fades, in fields. */
const PEN = 1.1;
const FADE = 0.8;

/** A place on the field; fields begin at whole numbers. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** What was drawn: ink from 0 to 255, row by row. Strokes give a new one. */
export type Sketch = Uint8Array;

/** Nothing is drawn yet. */
export const emptySketch = (): Sketch => new Uint8Array(SKETCH_SIDE * SKETCH_SIDE);

/** Whether there is any ink. */
export const isBlank = (sketch: Sketch): boolean => sketch.every((value) => value === 0);

/** The sketch as a grey picture with bright ink. */
export const greyOfSketch = (sketch: Sketch): Grey => ({
  width: SKETCH_SIDE,
  height: SKETCH_SIDE,
  pixels: Float64Array.from(sketch),
});

/** The sketch with a stroke of the pen from one place to another. */
export function stroke(sketch: Sketch, from: Place, to: Place): Sketch {
  return sketch.map((ink, index) => {
    const centre = { x: (index % SKETCH_SIDE) + 0.5, y: Math.floor(index / SKETCH_SIDE) + 0.5 };
    const far = distance(centre, from, to) - PEN;
    return far >= FADE ? ink : Math.max(ink, Math.round(255 * Math.min(1, 1 - far / FADE)));
  });
}

/** From a point to the nearest one between two others. */
function distance(point: Place, from: Place, to: Place): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / length;
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - from.x - at * dx, point.y - from.y - at * dy);
}

/** The place one field further in the direction of an arrow key; it stays on the field. */
export function moved({ x, y }: Place, key: string): Place {
  const within = (value: number): number => Math.min(SKETCH_SIDE - 0.5, Math.max(0.5, value));
  const [dx, dy] = STEPS[key] ?? [0, 0];
  return { x: within(x + dx), y: within(y + dy) };
}

/** Keys that move the pen. */
const STEPS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Whether a key moves the pen. */
export const isMove = (key: string): boolean => key in STEPS;
