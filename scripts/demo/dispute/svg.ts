/** The layer in dispute as a picture for a page: every number, the wrong one marked. */
import { brightness, type FeatureMap } from "./map.ts";

/** What stands beside the picture. */
export interface Caption {
  /** Name of the layer, its operator, and which part of it is shown. */
  readonly layer: string;
  readonly claimed: string;
  readonly right: string;
  /** What became of it. */
  readonly verdict: string;
}

const [MARGIN, CELL, LINE] = [24, 44, 22];
const TOP = MARGIN + 2 * LINE;
const WIDTH_OF_TEXT = 400;
/** Above this a cell is so bright that its number needs the colour of the paper. */
const BRIGHT = 0.55;

const STYLE = `
    svg { --paper: #ffffff; --text: #1f2328; --soft: #59636e; --ink: #0a3069; --wrong: #cf222e; --right: #1a7f37 }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #0d1117; --text: #f0f6fc; --soft: #9198a1; --ink: #a5d6ff; --wrong: #ff7b72; --right: #7ee787 }
    }
    .paper { fill: var(--paper) }
    .ink { fill: var(--ink) }
    .frame { fill: var(--paper); stroke: var(--wrong) }
    text { font: 14px ui-monospace, monospace; fill: var(--text) }
    .number { font-size: 13px; text-anchor: middle; dominant-baseline: central }
    .on-ink { fill: var(--paper) }
    .soft { fill: var(--soft) }
    .title { font-weight: bold; font-size: 16px }
    .wrong { fill: var(--wrong); font-weight: bold }
    .struck { text-decoration: line-through }
    .right { fill: var(--right); font-weight: bold }`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

const text = (x: number, y: number, content: string, classes = ""): string =>
  `<text x="${x}" y="${y}"${classes === "" ? "" : ` class="${classes}"`}>${escaped(content)}</text>`;

/** An SVG file that adapts to light and dark pages, and says in words what it shows. */
export function drawSvg(map: FeatureMap, caption: Caption): string {
  const { width, height, values, marked } = map;
  const [mapWidth, mapHeight] = [width * CELL, height * CELL];
  const size = { width: Math.max(mapWidth, WIDTH_OF_TEXT) + 2 * MARGIN, height: TOP + mapHeight + 4 * LINE + MARGIN };
  const cells = Array.from(values, (value, i) => cell(map, value, i % width, Math.floor(i / width)));
  const below = TOP + mapHeight + LINE + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-labelledby="title desc">
  <title id="title">One wrong number in ${escaped(caption.layer)}</title>
  <desc id="desc">${escaped(`A grid of ${height} by ${width} numbers. The one in row ${marked.y}, column ${marked.x} is marked. ${caption.claimed} ${caption.right} ${caption.verdict}`)}</desc>
  <style>${STYLE}
  </style>
  <rect width="100%" height="100%" class="paper"/>
  ${text(MARGIN, MARGIN + LINE - 8, "One wrong number", "title")}
  ${text(MARGIN, MARGIN + 2 * LINE - 8, caption.layer, "soft")}
  ${cells.join("\n  ")}
  ${markedCell(map)}
  ${text(MARGIN, below, caption.claimed, "wrong")}
  ${text(MARGIN, below + LINE, caption.right, "right")}
  ${text(MARGIN, below + 2 * LINE, caption.verdict, "soft")}
</svg>
`;
}

function cell(map: FeatureMap, value: number, x: number, y: number): string {
  const [left, top] = [MARGIN + x * CELL, TOP + y * CELL];
  const bright = brightness(map, value);
  const square = `<rect x="${left}" y="${top}" width="${CELL}" height="${CELL}" class="ink" fill-opacity="${bright.toFixed(2)}"/>`;
  return square + text(left + CELL / 2, top + CELL / 2, `${value}`, bright > BRIGHT ? "number on-ink" : "number");
}

/** Both numbers, the wrong one above. */
function markedCell({ width, values, marked }: FeatureMap): string {
  const [left, top, frame] = [MARGIN + marked.x * CELL, TOP + marked.y * CELL, 3];
  const square = `<rect x="${left + frame / 2}" y="${top + frame / 2}" width="${CELL - frame}" height="${CELL - frame}" class="frame" stroke-width="${frame}"/>`;
  const [middle, right] = [left + CELL / 2, values[marked.y * width + marked.x] ?? 0];
  const claimed = text(middle, top + CELL / 3, `${marked.claimed}`, "number wrong struck");
  return square + claimed + text(middle, top + (2 * CELL) / 3, `${right}`, "number right");
}
