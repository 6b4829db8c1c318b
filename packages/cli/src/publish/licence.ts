import { UsageError } from "../files.ts";

/** What the registry takes. */
const MOST_BYTES = 64;
/** Identifiers of SPDX, joined; whether an identifier is on SPDX's list is not looked up. */
const EXPRESSION = /^\(*[\w.+:-]+\)*( (AND|OR|WITH) \(*[\w.+:-]+\)*)*$/;

/** A licence as SPDX writes it, such as `MIT` or `Apache-2.0 OR MIT`. */
export function licenceOf(text: string): string {
  if (Buffer.byteLength(text) > MOST_BYTES) throw new UsageError(`--licence has more than ${MOST_BYTES} bytes`);
  if (!EXPRESSION.test(text))
    throw new UsageError(`--licence ${text} is no SPDX expression, such as MIT or "Apache-2.0 OR MIT"`);
  return text;
}
