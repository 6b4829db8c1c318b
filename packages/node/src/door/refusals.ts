import { NotInJsonError, OipFormatError } from "@opg-protocol/sdk/oip";

import { RefusedByModelError, RunDeclinedError } from "../execute/errors.ts";
import { AdmissionRefusedError } from "./Admission.ts";
import {
  ClosingError,
  CrowdedError,
  EncodingError,
  MisfitError,
  OverdueError,
  TooLargeError,
  UnknownModelError,
} from "./errors.ts";

/** How a call that fails is answered. */
export interface Refusal {
  readonly status: 400 | 401 | 402 | 403 | 404 | 408 | 409 | 413 | 415 | 429 | 500 | 503;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A caller who is early again finds room, or is told the same. */
const LATER = { "retry-after": "1" };

/** What to say of an error. Of what is not the caller's fault it learns nothing. */
export function refusalOf(error: unknown): Refusal {
  const refuse = (status: Refusal["status"], headers: Refusal["headers"] = {}, reason = messageOf(error)) => ({
    status,
    reason,
    headers,
  });
  if (error instanceof OipFormatError || error instanceof NotInJsonError) return refuse(400);
  if (error instanceof MisfitError || error instanceof RefusedByModelError) return refuse(400);
  if (error instanceof AdmissionRefusedError) return refuse(error.status, error.headers);
  if (error instanceof UnknownModelError) return refuse(404);
  if (error instanceof TooLargeError) return refuse(413);
  if (error instanceof EncodingError) return refuse(415);
  if (error instanceof CrowdedError) return refuse(429, LATER);
  if (error instanceof OverdueError && error.stage === "arriving") return refuse(408);
  if (error instanceof OverdueError || error instanceof ClosingError) return refuse(503, LATER);
  if (error instanceof RunDeclinedError) return refuse(503, LATER, "The model is not run now: ask again later.");
  return refuse(500, {}, "The model could not be run here.");
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
