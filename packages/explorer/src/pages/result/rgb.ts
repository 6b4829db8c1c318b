import { resolvedColour } from "../../parts/charts/colours.ts";
import type { Rgb } from "./heat.ts";

/** A colour of the style sheet in numbers: a canvas says what it has drawn. */
export function rgbOf(name: string): Rgb {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1, 1];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return [128, 128, 128];
  context.fillStyle = resolvedColour(name);
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
