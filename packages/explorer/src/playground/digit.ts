/** Brings a picture of a handwritten digit to what the digits model takes: 8x8 grey values, 0 paper, 255 ink. */

/** Rows and columns of the model's input. */
export const SIDE = 8;
/** Most columns that a digit fills in the data that the model was trained on; it always fills all rows. */
const DIGIT_COLUMNS = 6;
/** Ink is what is at least so much brighter than the paper, in parts of the strongest pixel. */
const INK = 0.2;

/** Brightness, 0 to 255, row by row. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float64Array;
}

/** The part of a picture that holds the digit. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A picture without any ink. */
export class EmptyPictureError extends Error {
  constructor() {
    super("every pixel has the same brightness; draw a digit");
    this.name = "EmptyPictureError";
  }
}

/** Grey values of a picture in red, green, blue and alpha; what is transparent is white paper. */
export function greyOf(rgba: Uint8Array | Uint8ClampedArray, width: number, height: number): Grey {
  const pixels = Float64Array.from({ length: width * height }, (_, i) => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(4 * i, 4 * i + 4);
    // Rec. 601 luma, https://www.itu.int/rec/R-REC-BT.601.
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    return 255 + ((luma - 255) * alpha) / 255;
  });
  return { width, height, pixels };
}

/**
 * An 8x8 picture is taken as it is, with bright ink on dark paper; any other is brought to that form: dark ink is inverted,
 * the digit cut out and scaled as the pictures are that the model was trained on.
 * @throws EmptyPictureError
 */
export function digitOf(grey: Grey): Uint8Array {
  if (grey.width === SIDE && grey.height === SIDE) return Uint8Array.from(grey.pixels);
  const ink = inked(grey);
  return scaled(ink, boxOf(ink));
}

/** Makes paper 0: bright ink stays, dark ink is inverted. Paper is what surrounds the digit: the edge of the picture. */
function inked({ width, height, pixels }: Grey): Grey {
  let [edge, all, edgeSize] = [0, 0, 0];
  pixels.forEach((value, i) => {
    all += value;
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x !== 0 && y !== 0 && x !== width - 1 && y !== height - 1) return;
    edge += value;
    edgeSize += 1;
  });
  const isDarkOnBright = edge / edgeSize > all / pixels.length;
  const ink = isDarkOnBright ? pixels.map((value) => 255 - value) : pixels;
  const paper = ink.reduce((least, value) => Math.min(least, value), 255);
  return { width, height, pixels: ink.map((value) => value - paper) };
}

/** The smallest box around all ink. */
function boxOf({ width, pixels }: Grey): Box {
  const threshold = INK * pixels.reduce((most, value) => Math.max(most, value), 0);
  if (threshold === 0) throw new EmptyPictureError();
  let [left, right, top, bottom] = [Infinity, 0, Infinity, 0];
  pixels.forEach((value, i) => {
    if (value <= threshold) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  });
  return { left, top, width: right - left, height: bottom - top };
}

/** Scales a box to the middle columns of an 8x8 picture, each pixel the mean of the area that it covers. */
function scaled(grey: Grey, box: Box): Uint8Array {
  // A digit keeps its proportions as long as they fit: a one stays a stroke.
  const columns = Math.min(DIGIT_COLUMNS, Math.max(1, (box.width / box.height) * SIDE));
  const [stepX, stepY] = [box.width / columns, box.height / SIDE];
  const start = box.left - ((SIDE - columns) / 2) * stepX;
  const means = Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [start + (i % SIDE) * stepX, box.top + Math.floor(i / SIDE) * stepY];
    return areaMean(grey, box, { left: x, top: y, width: stepX, height: stepY });
  });
  const strongest = Math.max(...means);
  return Uint8Array.from(means, (value) => Math.round((value / strongest) * 255));
}

/** Mean of the ink in an area; outside of the box there is none. */
function areaMean(grey: Grey, box: Box, area: Box): number {
  const [right, bottom] = [area.left + area.width, area.top + area.height];
  const [firstX, lastX] = [Math.max(Math.floor(area.left), box.left), Math.min(right, box.left + box.width)];
  const [firstY, lastY] = [Math.max(Math.floor(area.top), box.top), Math.min(bottom, box.top + box.height)];
  let sum = 0;
  for (let y = firstY; y < lastY; y += 1) {
    for (let x = firstX; x < lastX; x += 1) {
      const share =
        (Math.min(x + 1, right) - Math.max(x, area.left)) * (Math.min(y + 1, bottom) - Math.max(y, area.top));
      sum += share * (grey.pixels[y * grey.width + x] ?? 0);
    }
  }
  return sum / (area.width * area.height);
}
