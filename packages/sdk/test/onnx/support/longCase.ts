import { type Case, drawCase } from "./Sketch.ts";

const ROWS = 3;
const COLUMNS = 5;

/** A small input that is turned so many times: a model of many steps whose run takes no time, and in which no lie gets lost. */
export const longCase = (turns: number): Case =>
  drawCase(11, (sketch) => {
    let x = sketch.input([ROWS, COLUMNS]);
    for (let i = 0; i < turns; i += 1) x = sketch.node("Transpose", [x.name], { ...x, shape: x.shape.toReversed() });
  });
