import type { NodeOffer } from "@opg-protocol/sdk";
import { ZeroAddress } from "ethers";

/** Whether a node can take a session now (unix seconds), by all that the chain knows. */
export function isReady(offer: NodeOffer, now: number): boolean {
  const { callPrice, collateral, leastCollateral, free, latestEnd, signer, covered, endpoint } = offer;
  const isOffered = callPrice > 0n && endpoint !== "" && collateral >= leastCollateral;
  return isOffered && free >= leastCollateral && latestEnd > now && signer !== ZeroAddress && covered;
}
