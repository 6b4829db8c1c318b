import Table from "cli-table3";

/** Prints rows without lines around them. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const table = new Table({ chars: NO_LINES, style: { "padding-left": 0, "padding-right": 2, compact: true } });
  table.push(...rows.map((row) => [...row]));
  process.stdout.write(`${table.toString()}\n`);
}

const NO_LINES = Object.fromEntries(
  ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right", "left", "left-mid"]
    .concat(["mid", "mid-mid", "right", "right-mid", "middle"])
    .map((part) => [part, ""]),
);
