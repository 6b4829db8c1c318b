import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionResponse } from "ethers";

import { type Demand, PayloadSide, unpackDisputeRecord } from "../../packages/sdk/src/codecs/dispute.ts";
import { nth, only } from "./actors.ts";
import type { TestStatement } from "./disputes.ts";
import { time } from "./network.ts";

/** Which words of a payload are demanded. */
export interface Range {
  readonly tensor: number;
  readonly firstWord: number;
  readonly count: number;
}

/** What a node publishes when words are demanded. */
export interface SupplyFields {
  readonly tensorRoots: string[];
  readonly dtype: number;
  readonly shape: number[];
  readonly dataRoot: string;
  readonly words: string[];
  readonly siblings: string[];
}

/** Demands words and finds the demand again in the event. */
export async function demandWords(
  statement: TestStatement,
  payer: HardhatEthersSigner,
  side: PayloadSide,
  range: Range,
): Promise<TestDemand> {
  const { disputes } = statement.suite;
  const { tensor, firstWord, count } = range;
  const opening = await disputes.connect(payer).demand(statement.fields, side, tensor, firstWord, count);
  const { args } = only(await disputes.queryFilter(disputes.filters.WordsDemanded(), "latest"));
  return new TestDemand(statement, demandOf(args.demand), args.demandId, opening);
}

/** A demand for words of what a toy model made. */
export class TestDemand {
  constructor(
    readonly statement: TestStatement,
    readonly struct: Demand,
    readonly id: string,
    /** The transaction that made it. */
    readonly opening: ContractTransactionResponse,
  ) {}

  private get disputes() {
    return this.statement.suite.disputes;
  }

  /** What an honest node publishes: of the words that there are, those that were demanded. */
  supplyFields(): SupplyFields {
    const { stated } = this.statement;
    const tensor = nth(stated.tensors, stated.tensors.length - 1);
    const first = Number(this.struct.firstWord);
    const exists = this.struct.tensor === 0n;
    const words = exists ? tensor.words.slice(first, first + Number(this.struct.count)) : [];
    return {
      tensorRoots: stated.outputTensors,
      dtype: 2,
      shape: [32 * tensor.words.length],
      dataRoot: tensor.root,
      words,
      siblings: words.length === 0 ? [] : tensor.siblings(first, words.length),
    };
  }

  supply(changes: Partial<SupplyFields> = {}, sender = this.statement.operator.signer) {
    return this.disputes.connect(sender).supply(this.struct, { ...this.supplyFields(), ...changes });
  }

  reclaim(sender = this.statement.suite.requester) {
    return this.disputes.connect(sender).reclaim(this.struct);
  }

  async record() {
    return unpackDisputeRecord(await this.disputes.recordOf(this.id));
  }

  /** Makes the next transaction come in the last second for the node. */
  async waitForDeadline(): Promise<void> {
    await time.setNextBlockTimestamp(this.struct.deadline);
  }

  /** Makes the next transaction come a second later. */
  async missDeadline(): Promise<void> {
    await time.setNextBlockTimestamp(this.struct.deadline + 1n);
  }
}

/** A demand as an event gives it, as it can be sent again. */
export const demandOf = (demand: Demand): Demand => ({
  statementId: demand.statementId,
  root: demand.root,
  node: demand.node,
  payer: demand.payer,
  price: demand.price,
  tensor: demand.tensor,
  firstWord: demand.firstWord,
  count: demand.count,
  deadline: demand.deadline,
});
