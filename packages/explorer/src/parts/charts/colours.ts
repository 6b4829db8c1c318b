import type { Tone } from "../Badge.tsx";

const COUNT = 6;

/** The colour of the n-th part of a chart; after six they begin again. */
export const chartColour = (index: number): string => `var(--chart-${(index % COUNT) + 1})`;

const TONES: Readonly<Record<Tone, string>> = {
  good: "var(--good)",
  bad: "var(--bad)",
  wait: "var(--wait)",
  plain: "var(--chart-1)",
};

/** The colour of a tone. */
export const toneColour = (tone: Tone | undefined): string => TONES[tone ?? "plain"];

/** What a CSS variable is now, for a canvas, which knows neither variables nor `light-dark()`. */
export function resolvedColour(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
