/** Width of a letter of a label with the room beside the text, about, in pixels. */
const LETTER = 8.5;
const MOST = 150;

/** Properties of an axis with names of things: as wide as there is room for, each name in one line. */
export function labelAxis(chartWidth: number) {
  const width = Math.min(MOST, Math.floor(chartWidth / 3));
  const letters = Math.floor(width / LETTER);
  return {
    type: "category",
    width,
    axisLine: false,
    tickLine: false,
    tick: { fill: "var(--text)", fontSize: 12 },
    tickFormatter: (label: string) => (label.length > letters ? `${label.slice(0, letters - 1)}…` : label),
    interval: 0,
  } as const;
}
