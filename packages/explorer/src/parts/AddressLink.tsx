import type { ReactNode } from "react";
import { Link } from "wouter";

import { contractNames, isNode } from "../entities/names.ts";
import { useHistory } from "../history/useHistory.ts";
import { useNetwork } from "../network/context.tsx";
import { to } from "../routes.ts";
import { useBlockExplorer } from "./blockExplorer.ts";
import { CopyButton } from "./CopyButton.tsx";
import { shortHash } from "./format.ts";

/** An account: a node has a page here, another account one in the block explorer. */
export function AddressLink({ address }: { readonly address: string }): ReactNode {
  const { index } = useHistory();
  const { config } = useNetwork();
  const external = useBlockExplorer("address", address);
  const contract = contractNames(config.deployment.addresses).get(address.toLowerCase());
  const text = <code title={address}>{contract ?? shortHash(address)}</code>;
  return (
    <span className="hash">
      {isNode(index, address) ? (
        <Link href={to.node(address)}>{text}</Link>
      ) : external !== undefined ? (
        <a href={external} target="_blank" rel="noreferrer">
          {text}
        </a>
      ) : (
        text
      )}
      <CopyButton value={address} what={`address ${shortHash(address)}`} />
    </span>
  );
}
