import type { Client } from "../../client.ts";
import { type Demand, PayloadSide } from "../../codecs/dispute.ts";
import type { Supply } from "../../codecs/supply.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import { type Statement, statementFields } from "./statements.ts";

const { disputes } = interfaces;

/** Parameters of {@link demandWords}. */
export interface DemandWordsParameters {
  readonly statement: Statement;
  readonly side: PayloadSide;
  /** Place of the tensor in the input or output. */
  readonly tensor: number;
  readonly firstWord: number;
  /** Words of 32 bytes, 1 to 1,024. What lies beyond the tensor need not be supplied. */
  readonly count: number;
}

/** What so many words cost in the present block. OPG, base units. */
export async function getSupplyPrice(client: Client, { count }: Pick<DemandWordsParameters, "count">): Promise<bigint> {
  return explained(client.disputes.supplyPriceOf(count));
}

/**
 * Pays, out of the client's balance, for words of a statement's input or output, which its node must publish or lose.
 * @throws ProtocolError `DisputeNotDisputable`, `DisputeWindowOver`, `DisputeDecided`, `DisputeErrorOutput`, `DisputeExists`,
 * `LedgerInsufficientBalance`.
 */
export const demandWords = action(
  "disputes",
  ({ statement, side, tensor, firstWord, count }: DemandWordsParameters) =>
    disputes.encodeFunctionData("demand", [statementFields(statement), side, tensor, firstWord, count]),
  {
    result: (mined) => {
      const { demandId, demand } = eventIn(mined, "WordsDemanded").args;
      return { demandId, demand: demand satisfies Demand };
    },
  },
);

/** What a demand is ended with. */
export interface DemandParameters {
  /** As the event `WordsDemanded` carries it. */
  readonly demand: Demand;
}

/** Parameters of {@link supplyWords}. */
export interface SupplyWordsParameters extends DemandParameters {
  /** As `supplyOf` makes it. */
  readonly supply: Supply;
}

/**
 * Publishes demanded words; the price is the node's. Anyone who has them may.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeTooLate`, `DisputeWrongSupply`,
 * `DisputeWrongSupplyCount`.
 */
export const supplyWords = action("disputes", ({ demand, supply }: SupplyWordsParameters) => {
  const { tensorRoots, shape, words, siblings } = supply;
  const lists = { tensorRoots: [...tensorRoots], shape: [...shape], words: [...words], siblings: [...siblings] };
  return disputes.encodeFunctionData("supply", [demand, { ...supply, ...lists }]);
});

/**
 * Gives the price of a demand back: after its deadline, which makes the statement false, or when it is false already. Anyone
 * may.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeClockRunning`.
 */
export const reclaimDemand = action("disputes", ({ demand }: DemandParameters) =>
  disputes.encodeFunctionData("reclaim", [demand]),
);
