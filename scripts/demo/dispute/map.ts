/** One channel of a layer as a picture in the terminal, with the number that is in dispute. */
/** Numbers from 0 to 255 in rows, one of which is in dispute. */
export interface FeatureMap {
  readonly width: number;
  readonly height: number;
  /** Row by row, as they should be. */
  readonly values: Uint8Array;
  readonly marked: { readonly x: number; readonly y: number; readonly claimed: number };
}

/** Columns that a picture takes at least, where it has fewer numbers than that. */
const COLUMNS = 32;
const SHADES = [" ", "░", "▒", "▓", "█"];
/** The greys of a terminal with 256 colours, and its red. */
const [BLACK, GREYS, RED] = [232, 24, 196];
const MARK = "><";

/** How bright a number is, from 0 to 1: the brightest of the map is 1. */
export function brightness({ values }: Pick<FeatureMap, "values">, value: number): number {
  const most = values.reduce((largest, each) => Math.max(largest, each), 1);
  return value / most;
}

/** The map in half blocks, two of them in a character one above the other; in shades where there are no greys. */
export function drawMap(map: FeatureMap, hasGreys: boolean): string {
  const { width, height } = map;
  if (!hasGreys) {
    const rows = Array.from({ length: height }, (_, y) => y);
    return rows.map((y) => Array.from({ length: width }, (_, x) => shade(map, x, y)).join("")).join("\n");
  }
  const scale = Math.max(1, Math.floor(COLUMNS / width));
  const colour = (column: number, halfRow: number): number =>
    colourAt(map, Math.floor(column / scale), Math.floor(halfRow / scale));
  const rows = Array.from({ length: Math.ceil((height * scale) / 2) }, (_, row) => 2 * row);
  return rows
    .map((top) => {
      const columns = Array.from({ length: width * scale }, (_, column) => column);
      return `${columns.map((column) => halves(colour(column, top), colour(column, top + 1))).join("")}\x1b[0m`;
    })
    .join("\n");
}

/** A character with a colour for its upper half and one for its lower. */
const halves = (upper: number, lower: number): string => `\x1b[38;5;${upper};48;5;${lower}m▀`;

function colourAt(map: FeatureMap, x: number, y: number): number {
  const { width, height, values, marked } = map;
  if (marked.x === x && marked.y === y) return RED;
  if (y >= height) return BLACK;
  return BLACK + Math.round(brightness(map, values[y * width + x] ?? 0) * (GREYS - 1));
}

function shade(map: FeatureMap, x: number, y: number): string {
  const { width, values, marked } = map;
  if (marked.x === x && marked.y === y) return MARK;
  const value = brightness(map, values[y * width + x] ?? 0);
  return (SHADES[Math.round(value * (SHADES.length - 1))] ?? " ").repeat(2);
}
