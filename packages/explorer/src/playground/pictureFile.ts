import { greyOf, type Grey } from "./digit.ts";

/** Most pixels of a picture: a small file can claim to be a huge one. */
const MOST_PIXELS = 16_000_000;
/** Longest side at which the ink of a digit is looked for. */
const MOST_SIDE = 512;

/** A file that cannot be used as a picture. */
export class PictureFileError extends Error {
  constructor(reason: string) {
    super(`The file cannot be used: ${reason}.`);
    this.name = "PictureFileError";
  }
}

/** A picture that was read. */
export interface ReadPicture {
  readonly rgba: Uint8ClampedArray;
  readonly grey: Grey;
}

/**
 * Reads a picture that the user has chosen, at a size of its own proportions, or at a given size.
 * @throws PictureFileError
 */
export async function readPicture(
  file: Blob,
  size?: { readonly width: number; readonly height: number },
): Promise<ReadPicture> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new PictureFileError("it is no picture that this browser reads");
  }
  try {
    if (bitmap.width * bitmap.height > MOST_PIXELS) {
      throw new PictureFileError(`it has ${bitmap.width} × ${bitmap.height} pixels, at most ${MOST_PIXELS} are read`);
    }
    return drawn(bitmap, size ?? fitted(bitmap));
  } finally {
    bitmap.close();
  }
}

function fitted({ width, height }: ImageBitmap): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, MOST_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function drawn(
  bitmap: ImageBitmap,
  { width, height }: { readonly width: number; readonly height: number },
): ReadPicture {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new PictureFileError("this browser does not draw");
  context.drawImage(bitmap, 0, 0, width, height);
  const { data: rgba } = context.getImageData(0, 0, width, height);
  return { rgba, grey: greyOf(rgba, width, height) };
}
