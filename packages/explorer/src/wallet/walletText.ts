import { visibleText } from "../parts/foreign.ts";

/** Most characters of a wallet's name; any extension can announce what it likes. */
const LONGEST_NAME = 40;

/** A wallet's name, with what cannot be seen in it spelled out. */
export function shownName(name: string): string {
  const text = visibleText(name.trim().slice(0, LONGEST_NAME));
  return text === "" ? "Wallet without a name" : text;
}

/** A wallet's icon, if it is a picture in itself: nothing is fetched for it. */
export function shownIcon(icon: string | undefined): string | undefined {
  const trimmed = icon?.trim();
  return trimmed?.startsWith("data:image/") === true ? trimmed : undefined;
}
