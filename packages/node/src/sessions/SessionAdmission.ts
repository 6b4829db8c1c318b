import {
  type Client,
  type Receipt,
  signReceipt,
  type SignedReceipt,
  type Tensor,
  voucherSigner,
} from "@opg-protocol/sdk";
import {
  type PaidCall,
  readCallHeaders,
  RECEIPT_HEADER,
  SessionFormatError,
  writeReceipt,
} from "@opg-protocol/sdk/session";
import type { BaseWallet } from "ethers";

import {
  type Admission,
  AdmissionRefusedError,
  type Answer,
  type Arrival,
  type Call,
  type Caller,
  type Ticket,
} from "../door/Admission.ts";
import { within } from "../door/deadline.ts";
import { CrowdedError } from "../door/errors.ts";
import type { Offers } from "../offer/Offers.ts";
import type { SessionBook } from "./SessionBook.ts";
import { endOf, isOpen, isOutdated, type LiveSession, mostOf, type SessionTable } from "./SessionTable.ts";

export interface SessionAdmissionModules {
  readonly client: Pick<Client, "chainId" | "addresses">;
  readonly signer: Pick<BaseWallet, "signTypedData">;
  readonly book: SessionBook;
  readonly table: SessionTable;
  readonly offers: Pick<Offers, "offer">;
  /** Decides about calls without a session. */
  readonly others: Admission;
}

export interface SessionAdmissionSettings {
  /** Seconds before the end of a session in which no calls are taken: what they earn could not be redeemed. */
  readonly margin: number;
  /** Calls of one session that may wait while another one of it is run. */
  readonly waiting: number;
}

/** Answers calls that a voucher pays for, one at a time in each session, and binds the node to each answer by a receipt. */
export class SessionAdmission implements Admission {
  constructor(
    private readonly modules: SessionAdmissionModules,
    private readonly settings: SessionAdmissionSettings,
  ) {}

  async identify(arrival: Arrival): Promise<Caller> {
    const paid = readPaid(arrival.headers);
    if (paid === undefined) return this.modules.others.identify(arrival);
    const { client, table } = this.modules;
    const { sessionId } = paid.voucher;
    const key = table.keyOf(sessionId);
    if (key === undefined) throw unknownSession();
    // Who signs for the session comes under its key, and nobody else. Nobody else has the chain asked, either.
    if (voucherSigner(client, paid.voucher) !== key) {
      throw new AdmissionRefusedError(401, "The voucher is not signed by the session's key.");
    }
    const session = await table.find(sessionId);
    if (session === undefined) throw unknownSession();
    return { key: session.booked.sessionId, admit: (call) => this.admit(session, paid, call) };
  }

  private async admit(session: LiveSession, paid: PaidCall, call: Call): Promise<Ticket> {
    const release = await this.turn(session, call.signal);
    try {
      return ticketOf(await this.plan(session, paid, call), release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Waits until the session's earlier calls are over, or the signal says stop. */
  private async turn(session: LiveSession, signal: AbortSignal): Promise<() => void> {
    // One runs, if any; the others hold places that callers of other sessions could have.
    if (session.calls > this.settings.waiting) throw new CrowdedError(session.calls, "one caller");
    session.calls += 1;
    const before = session.turn;
    let end = () => {
      // Replaced at once.
    };
    session.turn = new Promise<void>((resolve) => {
      end = resolve;
    });
    const release = () => {
      session.calls -= 1;
      end();
    };
    try {
      await within(before, signal, () => signal.reason as Error);
      return release;
    } catch (error) {
      session.calls -= 1;
      void before.then(end); // who waits behind it still waits for those before it
      throw error;
    }
  }

  /**
   * What makes an answer the node's statement.
   * @throws AdmissionRefusedError
   */
  private async plan(session: LiveSession, paid: PaidCall, call: Call): Promise<Plan> {
    const { fields, booked } = session;
    if (call.versionId !== fields.versionId) {
      throw new AdmissionRefusedError(409, `The session is for version ${fields.versionId}.`);
    }
    if (paid.sequence < booked.next) return this.repetition(session, paid, call);
    if (paid.sequence > booked.next) throw new AdmissionRefusedError(409, `The next call is number ${booked.next}.`);
    this.checkPaid(session, paid);
    const receipt = { sessionId: booked.sessionId, sequence: paid.sequence, versionId: fields.versionId };
    return {
      outputs: undefined,
      complete: (answer) => {
        const { inputs, inputRoot } = answer.beginning ?? call;
        const price = this.priceOf(session, answer);
        return this.state(session, paid, inputs, { ...receipt, inputRoot, price, issuedAt: now() }, answer);
      },
    };
  }

  /** What an answer costs: as much as any call, or less where a text is paid by its length. */
  private priceOf({ fields: { versionId, callPrice } }: LiveSession, { tokens }: Answer): bigint {
    const tokenPrice = this.modules.offers.offer(versionId)?.sessions?.tokenPrice;
    if (tokenPrice === undefined || tokens === undefined) return callPrice;
    const price = tokenPrice * BigInt(Math.max(tokens, 1)); // that there is nothing to say has to be computed, too
    return price < callPrice ? price : callPrice;
  }

  private checkPaid(session: LiveSession, { voucher }: PaidCall): void {
    const { fields } = session;
    if (isOutdated(session)) {
      throw new AdmissionRefusedError(409, "The node has lost its place in this session: close it, and open another.");
    }
    if (!isOpen(session) || now() + this.settings.margin >= endOf(session)) {
      throw new AdmissionRefusedError(
        402,
        "The session is over, or so near its end that nothing more is served in it.",
      );
    }
    const needed = session.booked.earned + fields.callPrice;
    if (voucher.amount < needed) {
      throw new AdmissionRefusedError(402, `The voucher must be for ${needed} base units of OPG in all.`);
    }
    const most = mostOf(session);
    if (needed > most) {
      session.seenAt = 0; // more money may have come
      throw new AdmissionRefusedError(
        402,
        `The session pays ${most} base units of OPG at present, ${needed} are needed.`,
      );
    }
  }

  /** The call was served before: it gets the answer and the receipt that it had, if the input is the same. */
  private async repetition(session: LiveSession, paid: PaidCall, call: Call): Promise<Plan> {
    const kept = await this.modules.book.call(session.booked.sessionId, paid.sequence);
    if (kept?.receipt.inputRoot !== call.inputRoot) {
      throw new AdmissionRefusedError(409, `Call ${paid.sequence} was served with another input.`);
    }
    if (kept.outputs === undefined) {
      throw new AdmissionRefusedError(409, `Call ${paid.sequence} was served too long ago.`);
    }
    return { outputs: kept.outputs, complete: () => Promise.resolve(headersOf(kept.receipt)) };
  }

  private async state(
    session: LiveSession,
    { voucher }: PaidCall,
    inputs: readonly Tensor[],
    unsigned: Omit<Receipt, "outputRoot">,
    { outputs, outputRoot }: Answer,
  ): Promise<Headers> {
    const { book, client, signer } = this.modules;
    const receipt = await signReceipt(client, signer, { ...unsigned, outputRoot });
    const disputableUntil = receipt.issuedAt + Number(session.fields.rules.horizonPeriod);
    session.booked = await book.put(session.booked, { receipt, voucher, inputs, outputs, disputableUntil });
    return headersOf(receipt);
  }
}

const unknownSession = () => new AdmissionRefusedError(402, "This node has no such session.");

type Headers = Readonly<Record<string, string>>;

/** How a call is answered. */
interface Plan {
  /** What it gave before; undefined if it has to be run. */
  readonly outputs: readonly Tensor[] | undefined;
  readonly complete: (answer: Answer) => Promise<Headers>;
}

const ticketOf = ({ outputs, complete }: Plan, release: () => void): Ticket => ({
  outputs,
  isPaid: true,
  complete: (answer) => complete(answer).finally(release),
  release: () => {
    release();
    return Promise.resolve();
  },
});

const headersOf = (receipt: SignedReceipt): Headers => ({ [RECEIPT_HEADER]: writeReceipt(receipt) });

function readPaid(headers: Arrival["headers"]): PaidCall | undefined {
  try {
    return readCallHeaders(headers);
  } catch (error) {
    if (error instanceof SessionFormatError) throw new AdmissionRefusedError(402, error.message);
    throw error;
  }
}

const now = (): number => Math.floor(Date.now() / 1_000);
