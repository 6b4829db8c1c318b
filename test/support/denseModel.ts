import { type Program, type ProgramStep, Layout, Opcode } from "../../packages/sdk/src/onnx/index.ts";
import type { Random } from "../model/Random.ts";
import { OnnxGame } from "./onnxGame.ts";
import { bytes, denseConstants, programOf, UINT8, withConstants } from "./scenes.ts";

const PIXELS = 64;
const HIDDEN = 32;
export const CLASSES = 10;

/** Pixels, a hidden layer, a table, classes: five steps as the compiler would emit them. */
export function denseModel(random: Random): OnnxGame {
  const payload = [bytes(random, 1, PIXELS)];
  const inner = { layout: Layout.Rows, dtype: UINT8 };
  const input = { from: 0xff00, layout: Layout.Packed, dtype: UINT8, shape: [1, PIXELS] };
  const after = (from: number, length: number) => [{ from, ...inner, shape: [1, length] }];
  const dense = (length: number, columns: number) => {
    const heads = Array.from({ length: columns }, () => ({ bias: random.int(1_000), scale: 2 ** -14, zero: 120 }));
    return denseConstants(
      heads,
      heads.map(() => [bytes(random, length).data]),
    );
  };
  const none = new Uint8Array();
  const steps: ProgramStep[] = [
    withConstants({ opcode: Opcode.Move, ...inner, shape: [1, PIXELS], inputs: [input], attrs: [] }, none),
    withConstants(
      { opcode: Opcode.Dot, ...inner, shape: [1, HIDDEN], inputs: after(0, PIXELS), attrs: [3n, 128n] },
      dense(PIXELS, HIDDEN),
    ),
    withConstants(
      { opcode: Opcode.Lut, ...inner, shape: [1, HIDDEN], inputs: after(1, HIDDEN), attrs: [] },
      bytes(random, 256).data,
    ),
    withConstants(
      { opcode: Opcode.Dot, ...inner, shape: [1, CLASSES], inputs: after(2, HIDDEN), attrs: [128n, 100n] },
      dense(HIDDEN, CLASSES),
    ),
    withConstants(
      {
        opcode: Opcode.Move,
        layout: Layout.Packed,
        dtype: UINT8,
        shape: [1, CLASSES],
        inputs: after(3, CLASSES),
        attrs: [],
      },
      none,
    ),
  ];
  const program: Program = programOf(payload, steps);
  return new OnnxGame(program, payload);
}
