import { OipFormatError } from "./errors.ts";

/** Most characters of a name or an id. */
const MOST_TEXT = 1_024;

/** An object of JSON, whoever wrote it. */
export type Fields = Readonly<Record<string, unknown>>;

export function asObject(place: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new OipFormatError(place, "must be an object");
}

export function asText(place: string, value: unknown): string {
  if (typeof value !== "string" || value === "") throw new OipFormatError(place, "must be a text that is not empty");
  if (value.length > MOST_TEXT) throw new OipFormatError(place, `has more than ${MOST_TEXT} characters`);
  return value;
}

export const asOptionalText = (place: string, value: unknown): string | undefined =>
  value === undefined || value === null || value === "" ? undefined : asText(place, value);

/** @param most Items. */
export function asList(place: string, value: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new OipFormatError(place, "must be an array");
  if (value.length > most) throw new OipFormatError(place, `has ${value.length} items, at most ${most} are taken`);
  return value;
}

/** Parameters are optional wherever they stand; those that are unknown count for nothing. */
export const parametersOf = (place: string, { parameters }: Fields): Fields =>
  parameters === undefined || parameters === null ? {} : asObject(`${place}.parameters`, parameters);

/** A parameter that is true, false or not there. */
export function flagOf(place: string, parameters: Fields, name: string): boolean | undefined {
  const value = parameters[name];
  if (value === undefined || typeof value === "boolean") return value;
  throw new OipFormatError(`${place}.parameters.${name}`, "must be true or false");
}

/** @throws OipFormatError where two have one name. */
export function refuseTwins(place: string, names: readonly string[]): void {
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin !== undefined) throw new OipFormatError(place, `"${twin}" is there twice`);
}
