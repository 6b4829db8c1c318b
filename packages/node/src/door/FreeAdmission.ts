import ipaddr from "ipaddr.js";

import { type Admission, AdmissionRefusedError, type Arrival, type Caller, type Ticket } from "./Admission.ts";

/** Headers by which a proxy, or the operator's own browser for a web page, says that somebody else asks. */
const FOR_OTHERS = ["forwarded", "x-forwarded-for", "x-real-ip", "via", "origin"];

const TICKET: Ticket = { complete: () => Promise.resolve({}), release: () => Promise.resolve() };

/** Answers for nothing, by default whoever calls from this machine alone. */
export class FreeAdmission implements Admission {
  constructor(private readonly isForAnyone: boolean) {}

  async identify({ address, headers }: Arrival): Promise<Caller> {
    await Promise.resolve();
    if (!this.isForAnyone && !isLocal(address, headers)) {
      throw new AdmissionRefusedError(403, "This node answers callers on its own machine alone.");
    }
    return { key: address ?? "unknown", admit: () => Promise.resolve(TICKET) };
  }
}

/** Whether somebody on this machine calls. Whom a proxy or a browser here calls for is elsewhere. */
function isLocal(address: string | undefined, headers: Headers): boolean {
  if (address === undefined || FOR_OTHERS.some((name) => headers.has(name))) return false;
  return ipaddr.process(address).range() === "loopback";
}
