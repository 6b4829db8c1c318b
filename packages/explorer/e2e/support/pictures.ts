import type { Locator } from "playwright-core";

/** A place on something, as parts of its width and height. */
type Place = readonly [x: number, y: number];

/** Draws a line with the mouse. */
export async function draw(field: Locator, [first, ...others]: readonly [Place, ...Place[]]): Promise<void> {
  const mouse = field.page().mouse;
  await field.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await field.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const move = ([partX, partY]: Place): Promise<void> =>
    mouse.move(x + partX * width, y + partY * height, { steps: 8 });
  await move(first);
  await mouse.down();
  for (const place of others) await move(place);
  await mouse.up();
}

/** The grey values of a picture, row by row. */
export const greysOf = (picture: Locator): Promise<readonly number[]> =>
  picture.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return Array.from(data).filter((_, at) => at % 4 === 0);
  });
