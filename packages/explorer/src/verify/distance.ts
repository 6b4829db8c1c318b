import { type Tensor, tensorByteLength } from "@opg-protocol/sdk";

/** How far two outputs of the same types and shapes are apart. */
export interface Distance {
  /** Numbers that were compared. */
  readonly count: number;
  /** Of them, those that are not the same bits. */
  readonly different: number;
  /** Largest difference of two numbers; `Infinity` where one of them is not finite. */
  readonly most: number;
  /** Largest number of floats that lie between two, of float32 alone; undefined where there are none. */
  readonly mostUlps: number | undefined;
  /** The first number that differs: its tensor and place, row-major. */
  readonly first:
    { readonly tensor: number; readonly element: number; readonly ours: number; readonly theirs: number } | undefined;
}

const FLOAT32 = 1;

/** How an element of each type is read, by the number that ONNX gives the type. */
const READERS: Readonly<Record<number, (view: DataView, at: number) => number>> = {
  1: (view, at) => view.getFloat32(at, true),
  2: (view, at) => view.getUint8(at),
  3: (view, at) => view.getInt8(at),
  4: (view, at) => view.getUint16(at, true),
  5: (view, at) => view.getInt16(at, true),
  6: (view, at) => view.getInt32(at, true),
  7: (view, at) => Number(view.getBigInt64(at, true)),
  9: (view, at) => view.getUint8(at),
  11: (view, at) => view.getFloat64(at, true),
  12: (view, at) => view.getUint32(at, true),
  13: (view, at) => Number(view.getBigUint64(at, true)),
};

/** A number of a tensor that is to be shown or compared; types without a number here give their bytes. */
export function elementAt({ dtype, data }: Tensor, element: number): number {
  const size = tensorByteLength({ dtype, shape: [1] });
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = READERS[dtype];
  return read === undefined ? view.getUint8(element * size) : read(view, element * size);
}

/** How many numbers a tensor has. */
export const countOf = ({ shape }: Pick<Tensor, "shape">): number => shape.reduce((product, size) => product * size, 1);

/** Whether two lists of tensors are of the same types and shapes. */
const isAlike = (ours: readonly Tensor[], theirs: readonly Tensor[]): boolean =>
  ours.length === theirs.length &&
  ours.every(({ dtype, shape }, i) => dtype === theirs[i]?.dtype && shape.join() === theirs[i].shape.join());

/** How far two outputs are apart; undefined if they are not of the same types and shapes. */
export function distanceOf(ours: readonly Tensor[], theirs: readonly Tensor[]): Distance | undefined {
  if (!isAlike(ours, theirs)) return undefined;
  let distance: Distance = { count: 0, different: 0, most: 0, mostUlps: undefined, first: undefined };
  for (const [i, tensor] of ours.entries()) {
    const other = theirs[i];
    if (other !== undefined) distance = withTensor(distance, i, tensor, other);
  }
  return distance;
}

function withTensor(before: Distance, index: number, ours: Tensor, theirs: Tensor): Distance {
  let { different, most, mostUlps, first } = before;
  const count = countOf(ours);
  for (let element = 0; element < count; element += 1) {
    if (isSameBits(ours, theirs, element)) continue;
    const [a, b] = [elementAt(ours, element), elementAt(theirs, element)];
    different += 1;
    first ??= { tensor: index, element, ours: a, theirs: b };
    most = Math.max(most, Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) : Infinity);
    if (ours.dtype === FLOAT32) mostUlps = Math.max(mostUlps ?? 0, ulpsBetween(a, b));
  }
  return { count: before.count + count, different, most, mostUlps, first };
}

function isSameBits(ours: Tensor, theirs: Tensor, element: number): boolean {
  const size = tensorByteLength({ dtype: ours.dtype, shape: [1] });
  for (let at = element * size; at < (element + 1) * size; at += 1) if (ours.data[at] !== theirs.data[at]) return false;
  return true;
}

const bits = new DataView(new ArrayBuffer(4));

/** The place of a float32 among all of them, in their order; both zeros have the same. */
function placeOf(value: number): number {
  bits.setFloat32(0, value);
  const word = bits.getInt32(0);
  return word < 0 ? -(word & 0x7fffffff) : word;
}

/** How many steps from one float32 to the next lie between two of them. */
export const ulpsBetween = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Infinity : Math.abs(placeOf(a) - placeOf(b));
