import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";

const { pauseGuardian } = interfaces;

/**
 * Closes new entries for as long as a pause can last. Only for the guardian.
 * @returns with the time at which they open again, unix seconds.
 * @throws ProtocolError `AccessManagedUnauthorized`, `ControlPauseTooSoon`.
 */
export const pauseEntries = action<object, { readonly endsAt: bigint }, object>(
  "pauseGuardian",
  () => pauseGuardian.encodeFunctionData("pause"),
  { result: (mined) => ({ endsAt: eventIn(mined, "Paused").args.endsAt }) },
);

/**
 * Opens new entries before a pause is over. Only for the guardian.
 * @throws ProtocolError `AccessManagedUnauthorized`, `ControlNotPaused`.
 */
export const resumeEntries = action("pauseGuardian", () => pauseGuardian.encodeFunctionData("resume"));

/** When new entries open, or have opened, unix seconds; zero if there never was a pause. */
export function getPauseEnd(client: Client): Promise<bigint> {
  return explained(client.pauseGuardian.pausedUntil());
}
