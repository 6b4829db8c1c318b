import { type Receipt, receiptStatementId } from "../../../packages/sdk/src/codecs/receipt.ts";
import type { Clock } from "../Clock.ts";
import { demand } from "../Refusal.ts";
import type { StakingModel } from "../StakingModel.ts";
import type { SessionModel } from "./SessionModel.ts";

/** A receipt, and who has signed it. */
export interface MadeReceipt extends Receipt {
  readonly signer: string;
}

interface Shown {
  readonly until: number;
  readonly price: bigint;
}

/** Where receipts are shown, for the hashes that name that place. */
export interface ReceiptsPlace {
  readonly chainId: bigint;
  readonly commitments: string;
  readonly receipts: string;
}

/** What IReceiptBook says of receipts that are signed alone. */
export class ReceiptsModel {
  private readonly shown = new Map<string, Shown>();

  constructor(
    readonly place: ReceiptsPlace,
    private readonly clock: Clock,
    private readonly staking: StakingModel,
  ) {}

  statementOf(node: string, receipt: Receipt): string {
    return receiptStatementId(this.place.chainId, this.place, node, receipt);
  }

  shownOf(statement: string): Shown | undefined {
    return this.shown.get(statement);
  }

  /** Refuses unless the node's signer has made the receipt, and it can still be disputed. */
  check({ id, terms }: SessionModel, receipt: MadeReceipt): { readonly statement: string; readonly until: number } {
    const { sessionId, issuedAt, signer } = receipt;
    demand(sessionId === id, "ReceiptsForeign", sessionId, id);
    const expected = this.staking.signerAt(terms.node, issuedAt);
    demand(BigInt(expected) !== 0n && signer === expected, "ReceiptsNotSigned", sessionId, signer, expected);
    const until = issuedAt + Number(terms.rules.receiptHorizonPeriod);
    const inTime = issuedAt <= this.clock.now && this.clock.now < until;
    demand(inTime, "ReceiptsOutOfTime", id, issuedAt, until);
    return { statement: this.statementOf(terms.node, receipt), until };
  }

  /** Shown again, the later time and the higher price count. */
  show(_caller: string, session: SessionModel, receipt: MadeReceipt): void {
    const { statement, until } = this.check(session, receipt);
    const before = this.shownOf(statement) ?? { until: 0, price: 0n };
    this.shown.set(statement, {
      until: Math.max(until, before.until),
      price: receipt.price > before.price ? receipt.price : before.price,
    });
  }
}
