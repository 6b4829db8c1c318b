import assert from "node:assert/strict";

import { forecast } from "./forecast.ts";
import { type Path, pathsOf } from "./paths.ts";

const PATHS = pathsOf(1, 20_000);
/** Of an average that forgets, how much it keeps in a step: what a practitioner would take, and what fits such paths best. */
const DECAYS = [0.94, 0.9] as const;

type Forecaster = (returns: Path["returns"]) => number;

/** Of the returns that are there, all alike: what nobody needs a model for. */
const deviation: Forecaster = (returns) =>
  Math.sqrt(returns.reduce((sum, value) => sum + value ** 2, 0) / returns.length);

/** The later ones count more. */
const decaying =
  (decay: number): Forecaster =>
  (returns) =>
    Math.sqrt(returns.reduce((sum, value) => decay * sum + (1 - decay) * value ** 2, deviation(returns) ** 2));

/** Root of the mean squared error, in percentage points. */
function errorOf(forecaster: Forecaster): number {
  const squares = PATHS.map(({ returns, volatility }) => (forecaster(returns) - volatility) ** 2);
  return 100 * Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / PATHS.length);
}

describe("volatility.onnx", () => {
  it("forecasts paths that it never saw better than what takes no model", () => {
    const mean = PATHS.reduce((sum, { volatility }) => sum + volatility, 0) / PATHS.length;
    const rivals = {
      "the mean of all": errorOf(() => mean),
      "the deviation of the 32 returns": errorOf(deviation),
      ...Object.fromEntries(DECAYS.map((decay) => [`an average with decay ${decay}`, errorOf(decaying(decay))])),
    };
    const model = errorOf(forecast);
    console.table(
      Object.entries({ "the model": model, ...rivals }).map(([by, error]) => ({ by, error: +error.toFixed(4) })),
    );
    for (const [name, error] of Object.entries(rivals)) assert.ok(model < error, name);
    assert.ok(model < 0.6 * rivals["the deviation of the 32 returns"]);
  });

  it("says nothing that could not be a volatility, whatever it is asked", () => {
    for (const value of [0, 1, -1, 1e30, -1e30]) {
      const volatility = forecast(new Array<number>(32).fill(value));
      assert.ok(volatility >= 0 && volatility < 0.1, `${value}: ${volatility}`);
    }
  });
});
