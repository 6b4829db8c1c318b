import Table from "cli-table3";

/** What is printed for a character that would move a terminal's cursor: names come from foreign files. */
const REPLACEMENT = "\ufffd";

/** Prints rows without lines around them. */
export function printTable(rows: readonly (readonly string[])[], stream: NodeJS.WritableStream = process.stdout): void {
  const table = new Table({ chars: NO_LINES, style: { "padding-left": 0, "padding-right": 2, compact: true } });
  table.push(...rows.map((row) => row.map((text) => text.replaceAll(/\p{Cc}/gu, REPLACEMENT))));
  stream.write(`${table.toString()}\n`);
}

const NO_LINES = Object.fromEntries(
  ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right", "left", "left-mid"]
    .concat(["mid", "mid-mid", "right", "right-mid", "middle"])
    .map((part) => [part, ""]),
);

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
