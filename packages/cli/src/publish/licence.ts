import parse from "spdx-expression-parse";

import { UsageError } from "../files.ts";

/** What the registry takes. */
const MOST_BYTES = 64;

/** A licence as SPDX writes it, of licences on its list, such as `MIT` or `Apache-2.0 OR MIT`. */
export function licenceOf(text: string): string {
  if (Buffer.byteLength(text) > MOST_BYTES) throw new UsageError(`--licence has more than ${MOST_BYTES} bytes`);
  try {
    parse(text);
    return text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--licence ${text} is no SPDX expression (${reason}), such as MIT or "Apache-2.0 OR MIT"`, {
      cause: error,
    });
  }
}
