import { DType } from "@opg-protocol/sdk/onnx";

import { type IntegerFeedForward, TABLE_ENTRIES } from "../IntegerLlama.ts";
import type { Value } from "./GraphWriter.ts";
import type { IntegerGraph } from "./IntegerGraph.ts";
import { addTo, normalise } from "./residual.ts";
import { accumulate, scaledToBytes, scaledToPlaces } from "./scaling.ts";

/** One feed-forward block (SwiGLU) of the residual stream. */
export function feedForward(g: IntegerGraph, x: Value, { norm, gate, silu, up, down }: IntegerFeedForward): Value {
  const h = g.scope("norm", () => normalise(g, x, norm));
  const gates = g.scope("gate", () => {
    const places = scaledToPlaces(g, accumulate(g, h, gate), gate.scale, TABLE_ENTRIES);
    return g.cast(g.gather(g.constant(silu, [TABLE_ENTRIES]), places), DType.Int64);
  });
  const products = g.scope("up", () =>
    scaledToBytes(g, g.mul(g.cast(accumulate(g, h, up), DType.Int64), gates), up.scale),
  );
  return g.scope("down", () => addTo(g, x, products, down));
}
