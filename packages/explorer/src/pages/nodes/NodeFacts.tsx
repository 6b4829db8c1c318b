import { getNode } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { NodeSummary } from "../../entities/stakes.ts";
import { useRead } from "../../network/useRead.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { ForeignLink } from "../../parts/ForeignLink.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { CommissionText } from "./CommissionText.tsx";

/** Who a node is and what answers for it: from events, and what follows from them as the chain says it. */
export function NodeFacts({ node }: { readonly node: NodeSummary }): ReactNode {
  const { address } = node;
  const { data: now, error, refetch } = useRead(["node", address], (client) => getNode(client, { node: address }));
  return (
    <>
      <Facts
        items={[
          ["Address", <Hash key="address" value={address} />],
          ["Owner", <AddressLink key="owner" address={node.owner} />],
          ["Offered to", node.nextOwner && <AddressLink key="next" address={node.nextOwner} />],
          ["Signer", node.signer ? <AddressLink key="signer" address={node.signer} /> : <NoSigner key="signer" />],
          ["Next signer", now?.nextSigner && <NextSigner key="nextSigner" {...now.nextSigner} />],
          ["Own stake", <Amount key="own" value={node.own} />],
          ["Delegated stake", <Amount key="delegated" value={node.delegated} />],
          ["Own stake that thaws", <Amount key="ownThawing" value={node.ownThawing} />],
          ["Delegated stake that thaws", <Amount key="delegatedThawing" value={node.delegatedThawing} />],
          ["Backing", now && <Amount key="backing" value={now.backing} />],
          ["Locked", now && <Locked key="locked" locked={now.locked} backing={now.backing} />],
          ["Commission", <CommissionText key="commission" node={node} />],
          ["Commission not taken yet", <Amount key="earnings" value={node.earnings} />],
          ["Slashed so far", <Amount key="slashed" value={node.slashed} />],
          ["Registered", <Time key="registered" at={node.registeredAt} tx={node.registeredTx} />],
          ["Last seen to act", <Time key="active" at={node.lastActivity} />],
          ["Describes itself at", node.metadataURI && <ForeignLink key="uri" uri={node.metadataURI} />],
        ]}
      />
      {error !== null && <Failure error={error} retry={refetch} />}
    </>
  );
}

function NoSigner(): ReactNode {
  return <Badge tone="bad">none: it can do nothing new</Badge>;
}

function NextSigner({ value, effectiveAt }: { readonly value: string; readonly effectiveAt: number }): ReactNode {
  return (
    <>
      <AddressLink address={value} /> from <Time at={effectiveAt} />
    </>
  );
}

/** A node whose locks exceed its backing takes nothing new. */
function Locked({ locked, backing }: { readonly locked: bigint; readonly backing: bigint }): ReactNode {
  return (
    <>
      <Amount value={locked} /> {locked > backing && <Badge tone="bad">more than backs it: it takes no new work</Badge>}
    </>
  );
}
