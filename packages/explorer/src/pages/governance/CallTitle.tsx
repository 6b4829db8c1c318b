import type { ReactNode } from "react";

import type { ProposedCall } from "../../entities/proposals.ts";
import { useNetwork } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { decodeCall } from "./decodeCall.ts";

/** What a call calls, in short. */
export function CallTitle({ call }: { readonly call: ProposedCall }): ReactNode {
  const { client } = useNetwork();
  const decoded = decodeCall(client, call);
  if (decoded === undefined) {
    return (
      <>
        unknown call of <AddressLink address={call.to} />
      </>
    );
  }
  return (
    <code>
      {decoded.contract}.{decoded.functionName}
    </code>
  );
}
