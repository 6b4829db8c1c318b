/** One digit of an index, and how far the source is from one of its values to the next. */
export interface Digit {
  readonly size: number;
  readonly stride: number;
}

/**
 * Where the elements of a copy come from, by row-major indices: `base` plus, for each digit of the index of the copy (the last
 * one changes fastest), that digit times its stride. What a MOVE does.
 *
 * Digits of size 1 are left out, and neighbours that go on like one digit are one, so that maps of few digits are equal where
 * they do the same.
 */
export class IndexMap {
  readonly base: number;
  readonly digits: readonly Digit[];

  constructor(base: number, digits: readonly Digit[]) {
    this.base = base;
    this.digits = merged(digits);
  }

  /** The same elements in the same order. */
  static identity(count: number): IndexMap {
    return new IndexMap(0, [{ size: count, stride: 1 }]);
  }

  /** Whether it copies all of a source of so many elements in order. */
  isIdentity(count: number): boolean {
    const [only, ...others] = this.digits;
    if (this.base !== 0 || others.length > 0) return false;
    return only === undefined ? count === 1 : only.size === count && only.stride === 1;
  }

  /** A copy of a copy as one copy of the source of `inner`; nothing if digits cannot say it. */
  after(inner: IndexMap): IndexMap | undefined {
    const places = placesOf(inner.digits);
    const starts = places.map(({ value, size }) => Math.floor(this.base / value) % size);
    const pieces: Piece[] = [];
    for (const digit of this.digits) {
      const split = splitAt(digit, places);
      if (split === undefined) return undefined;
      pieces.push(...split);
    }
    if (starts.some((start, place) => carries(start, place, pieces, places))) return undefined;
    const base = starts.reduce((sum, start, place) => sum + start * strideAt(places, place), inner.base);
    const digits = pieces.map(({ size, place, steps }) => ({ size, stride: steps * strideAt(places, place) }));
    return new IndexMap(base, digits);
  }
}

/** A digit of the inner map, and what one of it is worth in the index of its copy. */
interface Place extends Digit {
  readonly value: number;
}

/** A digit of the outer map that changes one digit of the inner one, by so many for each of its own. */
interface Piece {
  readonly size: number;
  readonly place: number;
  readonly steps: number;
}

function placesOf(digits: readonly Digit[]): readonly Place[] {
  let value = 1;
  const places = digits.toReversed().map((digit) => {
    const place = { ...digit, value };
    value *= digit.size;
    return place;
  });
  return places.toReversed();
}

const strideAt = (places: readonly Place[], place: number): number => places[place]?.stride ?? 0;

/** The pieces of a digit, outermost first. */
function splitAt(digit: Digit, places: readonly Place[]): readonly Piece[] | undefined {
  let { size, stride } = digit;
  const pieces: Piece[] = [];
  while (size > 1 && stride !== 0) {
    const reach = Math.abs(stride);
    const at = places.findIndex(({ value }) => value <= reach);
    const place = places[at];
    if (place === undefined || reach % place.value !== 0) return undefined;
    const steps = stride / place.value;
    const room = place.size / Math.abs(steps); // steps until the next digit
    const count = size - 1 < room ? size : room;
    if (!Number.isInteger(count) || count < 2 || size % count !== 0) return undefined;
    pieces.unshift({ size: count, place: at, steps });
    size /= count;
    stride *= count;
  }
  return size > 1 ? [{ size, place: 0, steps: 0 }, ...pieces] : pieces;
}

/** Whether the pieces of one inner digit can add up to more than it holds. */
function carries(start: number, place: number, pieces: readonly Piece[], places: readonly Place[]): boolean {
  let [low, high] = [start, start];
  for (const piece of pieces) {
    if (piece.place !== place) continue;
    const reach = piece.steps * (piece.size - 1);
    if (reach < 0) low += reach;
    else high += reach;
  }
  return low < 0 || high >= (places[place]?.size ?? 1);
}

function merged(digits: readonly Digit[]): readonly Digit[] {
  const kept: Digit[] = [];
  for (const digit of digits) {
    if (digit.size === 1) continue;
    const last = kept.at(-1);
    if (last !== undefined && last.stride === digit.size * digit.stride)
      kept[kept.length - 1] = { size: last.size * digit.size, stride: digit.stride };
    else kept.push(digit);
  }
  return kept;
}
