import type { Interface } from "ethers";

import type { Client } from "../client.ts";
import { sealAuthor, type SignedSeal } from "../codecs/commitment.ts";
import { interfaces } from "../contracts.ts";
import { explained } from "../errors/ProtocolError.ts";
import type { LogPosition } from "../events.ts";
import type { Check, Finding } from "./check.ts";
import { recoverSender, type SignedCall } from "./sender.ts";

/** Where a node committed itself to an output. */
export interface Act extends Pick<LogPosition, "transactionHash" | "blockNumber"> {
  readonly node: string;
  /** What it sealed; undefined where it answered without a seal. */
  readonly seal?: { readonly roundId: string; readonly commitment: string };
}

/** Whose calls say who signed; any other contract can be called with whatever its author likes. */
const CALLED = ["market", "relay", "optimistic"] as const;
/** The bindings narrow names to one contract; here the contract is not known before the transaction is. */
const fragments: Readonly<Record<(typeof CALLED)[number], Interface>> = interfaces;

/** Whether each node's signer of that time has signed what committed the node: the transaction, or the seal that it brings. */
export async function checkSignatures(client: Client, acts: readonly Act[]): Promise<Check> {
  const found = await Promise.all(acts.map((act) => findingOf(client, act)));
  const worst = (["fails", "untold"] as const).find((finding) => found.some((one) => one.finding === finding));
  const told = found.filter(({ finding }) => worst === undefined || finding === worst).map(({ text }) => text);
  return { subject: "signatures", finding: worst ?? "holds", text: told.join(" ") };
}

async function findingOf(client: Client, act: Act): Promise<{ finding: Finding; text: string }> {
  const { node, transactionHash, blockNumber } = act;
  const [call, block] = await Promise.all([
    recoverSender(client.provider, transactionHash),
    client.provider.getBlock(blockNumber),
  ]);
  if (call === undefined || block === null) {
    return { finding: "untold", text: `The provider does not give transaction ${transactionHash} as it was signed.` };
  }
  const authors = authorsIn(client, act, call);
  if (authors.length === 0) {
    const where = call.to ?? "a new contract";
    return {
      finding: "untold",
      text: `Transaction ${transactionHash} to ${where} does not show who signed for ${node}.`,
    };
  }
  const signer = await explained(client.staking.signerAt(node, block.timestamp));
  return authors.includes(signer)
    ? { finding: "holds", text: `${signer} signed for ${node}.` }
    : { finding: "fails", text: `${authors.join(", ")} signed for ${node}, whose signer was ${signer}.` };
}

/**
 * Who signed what commits a node, as far as a call shows. Of a seal that others bring there can be several: whoever brings it
 * can list it with a false signature, too, which the relay skips.
 */
function authorsIn(
  { chainId, addresses }: Client,
  { node, seal }: Act,
  { sender, to, data }: SignedCall,
): readonly string[] {
  const called = CALLED.find((name) => addresses[name].toLowerCase() === to?.toLowerCase());
  const call = called && fragments[called].parseTransaction({ data });
  switch (call?.name) {
    case "answer":
      return call.args.node === node ? [sender] : [];
    case "commit":
      return call.args.node === node && call.args.commitment === seal?.commitment ? [sender] : [];
    case "commitSigned":
    case "sealMany": {
      if (seal === undefined) return [];
      const { commitments } = addresses;
      const brought = [...(call.args.seals as readonly SignedSeal[])];
      return brought
        .filter((one) => one.node === node && one.commitment === seal.commitment)
        .flatMap((one) => sealAuthor({ chainId, commitments, node, ...seal }, one) ?? []);
    }
    default:
      return [];
  }
}
