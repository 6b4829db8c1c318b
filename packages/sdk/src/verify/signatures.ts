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
  /** What it sealed, if it did: somebody else can have brought it, with the signer's signature on it. */
  readonly seal?: { readonly roundId: string; readonly commitment: string };
}

/** Calls that bring what others have signed. */
const BRINGING: ReadonlySet<string> = new Set(["commitSigned", "sealMany"]);

/** Whether each node's signer of that time has signed what committed the node: the transaction, or the seal that it brings. */
export async function checkSignatures(client: Client, market: string, acts: readonly Act[]): Promise<Check> {
  const found = await Promise.all(acts.map((act) => findingOf(client, market, act)));
  const worst = (["fails", "untold"] as const).find((finding) => found.some((one) => one.finding === finding));
  const told = found.filter(({ finding }) => worst === undefined || finding === worst).map(({ text }) => text);
  return { subject: "signatures", finding: worst ?? "holds", text: told.join(" ") };
}

async function findingOf(client: Client, market: string, act: Act): Promise<{ finding: Finding; text: string }> {
  const { node, transactionHash, blockNumber } = act;
  const [call, block] = await Promise.all([
    recoverSender(client.provider, transactionHash),
    client.provider.getBlock(blockNumber),
  ]);
  if (call === undefined || block === null) {
    return { finding: "untold", text: `The provider does not give transaction ${transactionHash} as it was signed.` };
  }
  const author = call.to?.toLowerCase() === market.toLowerCase() ? call.sender : undefined;
  const signedBy = brought(client, act, call) ?? author;
  if (signedBy === undefined) {
    return { finding: "untold", text: `Transaction ${transactionHash} goes through ${call.to ?? "a new contract"}.` };
  }
  const signer = await explained(client.staking.signerAt(node, block.timestamp));
  return signer === signedBy
    ? { finding: "holds", text: `${signer} signed for ${node}.` }
    : { finding: "fails", text: `${signedBy} signed for ${node}, whose signer was ${signer}.` };
}

/** Who has signed a seal that others have brought; undefined if the call brings none such. */
function brought({ chainId, addresses }: Client, { node, seal }: Act, { to, data }: SignedCall): string | undefined {
  const parsed =
    to?.toLowerCase() === addresses.relay.toLowerCase()
      ? interfaces.relay.parseTransaction({ data })
      : interfaces.market.parseTransaction({ data });
  if (seal === undefined || parsed === null || !BRINGING.has(parsed.name)) return undefined;
  const seals = [...(parsed.args.seals as readonly SignedSeal[])];
  const signed = seals.find((one) => one.node === node && one.commitment === seal.commitment);
  const { commitments } = addresses;
  return signed && sealAuthor({ chainId, commitments, node, ...seal }, signed);
}
