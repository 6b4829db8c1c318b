/**
 * Loaded into a daemon before anything else: ends it without a word, as a power cut would, where it passes the boundary
 * KILL_AT for the KILL_TURN-th time.
 */
import { FetchRequest, type JsonRpcPayload, toUtf8String } from "ethers";

import { sending } from "./boundaries.ts";
import { interceptWrites, journal } from "./intercept.ts";

const [boundary, turn] = [process.env.KILL_AT, Number(process.env.KILL_TURN)];
let passed = 0;

function pass(when: "before" | "after", step: string): void {
  if (`${when} ${step}` !== boundary) return;
  passed += 1;
  if (passed === turn) process.kill(process.pid, "SIGKILL");
}

interceptWrites((step, act) => {
  pass("before", step);
  const result = act();
  pass("after", step);
  return result;
});

const send = FetchRequest.createGetUrlFunc();
FetchRequest.registerGetUrl(async (request, signal) => {
  const steps = transactionsIn(request.body).map((raw) => sending(kindOf(raw)));
  for (const step of steps) pass("before", step);
  const response = await send(request, signal);
  for (const step of steps) pass("after", step);
  return response;
});

/** Raw transactions that a request to a provider brings. */
function transactionsIn(body: Uint8Array | null): string[] {
  if (body === null) return [];
  return [JSON.parse(toUtf8String(body)) as JsonRpcPayload | JsonRpcPayload[]]
    .flat()
    .filter(({ method }) => method === "eth_sendRawTransaction")
    .map(({ params }) => (params as [string])[0]);
}

/** Ends the daemon if the journal does not have it: what is not on disk must never be on the wire. */
function kindOf(raw: string): string {
  const row = journal()?.prepare("SELECT kind FROM transactions WHERE raw = ?").get(raw);
  if (row !== undefined) return String(row.kind);
  console.error(`It was to be sent before it was noted: ${raw}`);
  process.exit(1);
}
