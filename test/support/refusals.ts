import { expect } from "chai";

import { ProtocolError } from "../../packages/sdk/src/index.ts";

/** The refusal of a contract in which an action ends. */
export async function refusalOf(acting: Promise<unknown>): Promise<ProtocolError> {
  try {
    await acting;
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return thrown;
    throw thrown;
  }
  throw new Error("No contract refused");
}

/** Expects that an action ends in a refusal, whatever the reason. */
export const refused = (acting: Promise<unknown>): Promise<void> =>
  acting.then(
    () => {
      expect.fail("It was not refused");
    },
    () => undefined,
  );
