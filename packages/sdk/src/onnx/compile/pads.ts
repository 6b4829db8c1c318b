import type { QuantisedReader } from "./QuantisedReader.ts";

type Pair = readonly [number, number];

/** How a window slides over an image; pairs are for rows and columns. */
export interface Slide {
  readonly strides: Pair;
  readonly dilations: Pair;
  /** Top and left. What is added at the bottom and right follows from the shape of the output. */
  readonly pads: Pair;
  /** Height and width of the output. */
  readonly output: Pair;
  /** Top, left, bottom, right. */
  readonly allPads: readonly number[];
}

const pair = (values: readonly number[]): Pair => [values[0] ?? 0, values[1] ?? 0];

/** Strides, dilations and pads of a node, with `auto_pad` resolved, and the size of what comes out. */
export function slidePads(node: QuantisedReader, image: Pair, kernel: Pair, ceil = false): Slide {
  const strides = pair(node.sizes("strides", 2, 1, 1));
  const dilations = pair(node.sizes("dilations", 2, 1, 1));
  const reach = pair([0, 1].map((i) => ((kernel[i] ?? 0) - 1) * (dilations[i] ?? 0) + 1));
  const allPads = padsOf(node, image, reach, strides, dilations);
  const output = pair(
    [0, 1].map((i) => {
      const room = (image[i] ?? 0) + (allPads[i] ?? 0) + (allPads[i + 2] ?? 0) - (reach[i] ?? 0);
      return (ceil ? Math.ceil : Math.floor)(room / (strides[i] ?? 1)) + 1;
    }),
  );
  if (output.some((size) => size < 1)) node.stop("kernel_shape", "reaches beyond the padded image");
  return { strides, dilations, pads: pair(allPads), output, allPads };
}

/** Top, left, bottom, right. */
function padsOf(node: QuantisedReader, image: Pair, reach: Pair, strides: Pair, dilations: Pair): readonly number[] {
  const mode = node.string("auto_pad", "NOTSET");
  if (mode === "NOTSET" || mode === "") return node.sizes("pads", 4, 0, 0);
  if (node.has("pads")) return node.stop("pads", `stand beside auto_pad ${mode}; only one of them may be there`);
  if (mode === "VALID") return [0, 0, 0, 0];
  if (mode !== "SAME_UPPER" && mode !== "SAME_LOWER")
    return node.stop("auto_pad", `is ${mode}, not NOTSET, VALID, SAME_UPPER or SAME_LOWER`);
  if (dilations.some((dilation) => dilation !== 1))
    return node.stop("auto_pad", `is ${mode}, for which ONNX Runtime allows no dilation; write the pads`);
  const needed = pair(
    [0, 1].map((i) => {
      const stride = strides[i] ?? 1;
      return (Math.ceil((image[i] ?? 0) / stride) - 1) * stride + (reach[i] ?? 0) - (image[i] ?? 0);
    }),
  );
  // ONNX Runtime halves a negative sum too, and begins inside of the image. Half of -1 is 0 to it, which changes nothing.
  if (needed.some((sum) => sum < -1))
    return node.stop("auto_pad", `is ${mode} with a stride that would cut the image off in front; write the pads`);
  const small = needed.map((sum) => Math.max(0, Math.floor(sum / 2)));
  const large = needed.map((sum) => Math.max(0, Math.ceil(sum / 2)));
  return mode === "SAME_UPPER" ? [...small, ...large] : [...large, ...small];
}
