import { readFileSync, writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

export const DOCUMENT = "docs/benchmarks.md";
const END = "<!-- end of figures -->";

/** Writes a table of figures into the document, between the comment that names them and the next end of figures. */
export async function writeTable(figures: string, head: readonly string[], rows: readonly string[]): Promise<void> {
  const begin = `<!-- figures of ${figures} -->`;
  const text = readFileSync(DOCUMENT, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`${DOCUMENT} has lost the place of the figures of ${figures}`);
  const table = [...head, ...rows].join("\n");
  const written = [text.slice(0, from) + begin, table, text.slice(to)].join("\n\n");
  writeFileSync(DOCUMENT, await format(written, { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT }));
}
