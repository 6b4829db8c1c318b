/** The volatility model as its owner publishes it. */
import { join } from "node:path";

import { EXAMPLES, type ExampleModel, FLOAT32 } from "./publish.ts";

/** Returns that the model sees. */
const RETURNS = 32;
/** Of the golden returns: up and down in turn, a little more each time, as a market does that becomes restless. */
const STEP = 0.001;
const golden = Float32Array.from({ length: RETURNS }, (_, i) => (i % 2 === 0 ? STEP : -STEP) * i);

export const VOLATILITY: ExampleModel = {
  slug: "volatility",
  name: "Volatility",
  description: "Forecasts the volatility of the next return from the last 32.",
  artifact: join(EXAMPLES, "volatility-fee", "model", "volatility.onnx"),
  input: { name: "returns", dtype: FLOAT32, shape: [1, RETURNS] },
  output: { name: "volatility", dtype: FLOAT32, shape: [1, 1] },
  golden: { dtype: FLOAT32, shape: [1, RETURNS], data: new Uint8Array(golden.buffer) },
};
