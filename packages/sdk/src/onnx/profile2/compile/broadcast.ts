import { rowMajor } from "../../layout.ts";
/** Shapes as numpy broadcasts them. */

/** The shape that tensors of these shapes have together, as numpy broadcasts them; nothing if they have none. */
export function broadcast(shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  const rank = Math.max(...shapes.map(({ length }) => length));
  const padded = shapes.map((shape) => [...Array<number>(rank - shape.length).fill(1), ...shape]);
  const together = Array.from({ length: rank }, (_, axis) => Math.max(...padded.map((shape) => shape[axis] ?? 1)));
  return padded.every((shape) => shape.every((size, axis) => size === 1 || size === together[axis]))
    ? together
    : undefined;
}

/** Strides of a tensor that is broadcast to a shape: 0 along axes where it is repeated. */
export function broadcastStrides(shape: readonly number[], to: readonly number[]): readonly number[] {
  const strides = rowMajor(shape);
  const missing = to.length - shape.length;
  return to.map((_, axis) => (shape[axis - missing] === to[axis] ? (strides[axis - missing] ?? 0) : 0));
}
