import type { Client } from "../client.ts";
import { explained } from "../errors/ProtocolError.ts";
import type { LogPosition } from "../events.ts";
import type { Check, Finding } from "./check.ts";
import { recoverSender } from "./sender.ts";

/** Where a node committed itself to an output. */
export interface Act extends Pick<LogPosition, "transactionHash" | "blockNumber"> {
  readonly node: string;
}

/** Whether each node's signer of that time has signed the transaction with which the node committed itself. */
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
  if (call.to?.toLowerCase() !== market.toLowerCase()) {
    return { finding: "untold", text: `Transaction ${transactionHash} goes through ${call.to ?? "a new contract"}.` };
  }
  const signer = await explained(client.staking.signerAt(node, block.timestamp));
  return signer === call.sender
    ? { finding: "holds", text: `${signer} signed for ${node}.` }
    : { finding: "fails", text: `${call.sender} signed for ${node}, whose signer was ${signer}.` };
}
