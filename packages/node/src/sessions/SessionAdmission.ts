import { type Client, type Receipt, signReceipt, voucherSigner } from "@opg-protocol/sdk";
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
import type { ServedCall, SessionBook } from "./SessionBook.ts";
import { endOf, isOpen, type LiveSession, mostOf, type SessionTable } from "./SessionTable.ts";

export interface SessionAdmissionModules {
  readonly client: Pick<Client, "chainId" | "addresses">;
  readonly signer: Pick<BaseWallet, "signTypedData">;
  readonly book: SessionBook;
  readonly table: SessionTable;
  /** Decides about calls without a session. */
  readonly others: Admission;
}

/** Answers calls that a voucher pays for, one at a time in each session, and binds the node to each answer by a receipt. */
export class SessionAdmission implements Admission {
  constructor(
    private readonly modules: SessionAdmissionModules,
    /** Seconds before the end of a session in which no calls are taken: what they earn could not be redeemed. */
    private readonly margin: number,
  ) {}

  async identify(arrival: Arrival): Promise<Caller> {
    const paid = readPaid(arrival.headers);
    if (paid === undefined) return this.modules.others.identify(arrival);
    const session = await this.modules.table.find(paid.voucher.sessionId);
    if (session === undefined) throw new AdmissionRefusedError(402, "This node has no such session.");
    // Who signs for the session comes under its key, and nobody else.
    if (voucherSigner(this.modules.client, paid.voucher) !== session.fields.key) {
      throw new AdmissionRefusedError(401, "The voucher is not signed by the session's key.");
    }
    return { key: session.booked.sessionId, admit: (call) => this.admit(session, paid, call) };
  }

  private async admit(session: LiveSession, paid: PaidCall, call: Call): Promise<Ticket> {
    const release = await takeTurn(session);
    try {
      const complete = this.completion(session, paid, call);
      return {
        complete: (answer) => complete(answer).finally(release),
        release: () => {
          release();
          return Promise.resolve();
        },
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * What makes an answer the node's statement.
   * @throws AdmissionRefusedError
   */
  private completion(session: LiveSession, paid: PaidCall, call: Call): (answer: Answer) => Promise<Headers> {
    const { fields, booked } = session;
    if (call.versionId !== fields.versionId) {
      throw new AdmissionRefusedError(409, `The session is for version ${fields.versionId}.`);
    }
    if (paid.sequence < booked.next) return this.repetition(session, paid, call);
    if (paid.sequence > booked.next) throw new AdmissionRefusedError(409, `The next call is number ${booked.next}.`);
    this.checkPaid(session, paid);
    const receipt = {
      sessionId: booked.sessionId,
      sequence: paid.sequence,
      versionId: fields.versionId,
      inputRoot: call.inputRoot,
      price: fields.callPrice,
    };
    return ({ outputs, outputRoot }) =>
      this.state(session, { ...receipt, outputRoot, issuedAt: now() }, { ...paid, inputs: call.inputs, outputs });
  }

  private checkPaid(session: LiveSession, { voucher }: PaidCall): void {
    const { fields, booked } = session;
    if (!isOpen(session) || now() + this.margin >= endOf(session)) {
      throw new AdmissionRefusedError(
        402,
        "The session is over, or so near its end that nothing more is served in it.",
      );
    }
    const needed = booked.earned + fields.callPrice;
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

  /** The call was served before: it gets the receipt that it had, if the input is the same and so is what comes out. */
  private repetition(session: LiveSession, paid: PaidCall, call: Call): (answer: Answer) => Promise<Headers> {
    const receipt = this.modules.book.receipt(session.booked.sessionId, paid.sequence);
    if (receipt?.inputRoot !== call.inputRoot) {
      throw new AdmissionRefusedError(409, `Call ${paid.sequence} was served with another input.`);
    }
    return async ({ outputRoot }) => {
      // A model that gives something else now must not contradict what was signed.
      if (outputRoot !== receipt.outputRoot) throw new Error(`Call ${paid.sequence} gives another output than it did.`);
      return Promise.resolve({ [RECEIPT_HEADER]: writeReceipt(receipt) });
    };
  }

  private async state(session: LiveSession, unsigned: Receipt, call: Omit<ServedCall, "receipt">): Promise<Headers> {
    const { book, client, signer } = this.modules;
    const receipt = await signReceipt(client, signer, unsigned);
    session.booked = await book.put(session.booked, { ...call, receipt });
    return { [RECEIPT_HEADER]: writeReceipt(receipt) };
  }
}

type Headers = Readonly<Record<string, string>>;

function readPaid(headers: Arrival["headers"]): PaidCall | undefined {
  try {
    return readCallHeaders(headers);
  } catch (error) {
    if (error instanceof SessionFormatError) throw new AdmissionRefusedError(402, error.message);
    throw error;
  }
}

/** Waits until the session's earlier calls are over. */
async function takeTurn(session: LiveSession): Promise<() => void> {
  let release = () => {
    // Replaced at once.
  };
  const before = session.turn;
  session.turn = new Promise<void>((resolve) => {
    release = resolve;
  });
  await before;
  return release;
}

const now = (): number => Math.floor(Date.now() / 1_000);
