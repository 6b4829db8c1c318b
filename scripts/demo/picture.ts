/** Reads a picture of a handwritten digit out of a file. */
import { readFileSync } from "node:fs";

import { PNG } from "pngjs";

import { digitOf, EmptyPictureError, type Grey, greyOf } from "../../packages/explorer/src/playground/digit.ts";

/** Most pixels of a picture: a small file can claim to be a huge picture. */
const MOST_PIXELS = 16_000_000;

/** A file that cannot be read as a picture of a digit. */
export class PictureError extends Error {
  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.name = "PictureError";
  }
}

/**
 * Reads a PNG file. An 8x8 picture is taken as it is, with bright ink on dark paper; any other is brought to that form:
 * dark ink is inverted, the digit cut out and scaled as the pictures are that the model was trained on.
 * @throws PictureError
 */
export function loadPicture(path: string): Uint8Array {
  const grey = readGrey(path);
  try {
    return digitOf(grey);
  } catch (error) {
    if (error instanceof EmptyPictureError) throw new PictureError(path, `is empty: ${error.message}`);
    throw error;
  }
}

function readGrey(path: string): Grey {
  const bytes = readFile(path);
  const isPng = bytes.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex"));
  if (!isPng) throw new PictureError(path, "is no PNG file; save the picture as PNG");
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width * height > MOST_PIXELS) {
    throw new PictureError(path, `has ${width}x${height} pixels, at most ${MOST_PIXELS} are read; scale it down`);
  }
  let png: PNG;
  try {
    png = PNG.sync.read(bytes);
  } catch (error) {
    throw new PictureError(path, `is a damaged PNG file (${error instanceof Error ? error.message : String(error)})`);
  }
  return greyOf(png.data, width, height);
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new PictureError(path, code === "ENOENT" ? "there is no such file" : `cannot be read (${code ?? "unknown"})`);
  }
}
