import { gasLimitOf } from "@opg-protocol/sdk";
import { Transaction, type JsonRpcApiProvider, type TransactionReceipt, type BaseWallet } from "ethers";
import PQueue from "p-queue";

import type { Journal, JournalTransaction } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import { isOwed, type Budget } from "./Budget.ts";

/** Something that the node does on chain, once. */
export interface Action {
  readonly kind: string;
  /** What it is about; with `kind` it makes the action unique. */
  readonly subject: string;
  readonly to: string;
  readonly data: string;
  /** Gas units that must stay affordable for what this makes necessary. */
  readonly reserve?: bigint;
}

/** A replacement must pay more; nodes of the network ask for a tenth. */
const BUMP = 125n;
/** How long a transaction may wait before it is sent again for more, milliseconds. */
const PATIENCE = 60_000;

/**
 * The one way to the chain. A transaction is in the journal before it is sent; after a crash the same bytes are sent
 * again. One at a time gets a nonce, so that none is skipped.
 */
export class Sender {
  private readonly queue = new PQueue({ concurrency: 1 });
  /** Since when each open transaction waits, by its hash, in milliseconds of this process: the machine's clock can jump. */
  private readonly waitingSince = new Map<string, number>();

  private constructor(
    private readonly provider: JsonRpcApiProvider,
    private readonly signer: BaseWallet,
    private readonly journal: Journal,
    private readonly budget: Budget,
    private readonly log: Logger,
  ) {}

  /** Sends again what an earlier process may have signed and not sent. */
  static async init(
    provider: JsonRpcApiProvider,
    signer: BaseWallet,
    journal: Journal,
    budget: Budget,
    log: Logger,
  ): Promise<Sender> {
    const sender = new Sender(provider, signer, journal, budget, log);
    await sender.review();
    return sender;
  }

  /**
   * Sends an action unless it is on its way already. Does not wait for a block; whether it has worked is read from the
   * chain's state.
   * @returns hash of the transaction that is on its way.
   * @throws the revert that the transaction would end in, BudgetExceededError.
   */
  perform(action: Action): Promise<string> {
    const priority = isOwed(action.kind) ? 1 : 0;
    return this.queue.add(async () => this.underway(action)?.hash ?? (await this.send(action)), { priority });
  }

  /** Whether the signer has the coin for so much gas now. */
  async affords(gas: bigint): Promise<boolean> {
    const [balance, { maxFeePerGas }] = await Promise.all([this.provider.getBalance(this.signer.address), this.fees()]);
    return balance >= gas * maxFeePerGas;
  }

  isUnderway(action: Pick<Action, "kind" | "subject">): boolean {
    return this.underway(action) !== undefined;
  }

  /**
   * To be called with every block: closes what was mined, and raises the fee of what waits too long. One that cannot be sent
   * again keeps nothing else from it.
   */
  async review(): Promise<void> {
    await this.queue.add(async () => {
      const open = this.journal.openTransactions();
      if (open.length === 0) return;
      const next = await this.provider.getTransactionCount(this.signer.address, "latest");
      for (const transaction of open) if (transaction.nonce < next) await this.close(transaction);
      this.journal.closeTransactions(next - 1);
      for (const { hash, nonce } of open) if (nonce < next) this.waitingSince.delete(hash);
      const waiting = latestOfEachNonce(open.filter(({ nonce }) => nonce >= next));
      for (const [i, transaction] of waiting.entries()) {
        // It holds up those with higher nonces, so it is owed if one of them is.
        const owed = waiting.slice(i).find(({ kind }) => isOwed(kind));
        try {
          await this.push(transaction, owed?.kind ?? transaction.kind);
        } catch (error) {
          const { kind, subject, hash } = transaction;
          this.log.warn({ kind, subject, hash, error: String(error) }, "could not send again; tries again");
        }
      }
    });
  }

  /** Waits for what is being sent. */
  async idle(): Promise<void> {
    await this.queue.onIdle();
  }

  private underway({ kind, subject }: Pick<Action, "kind" | "subject">): JournalTransaction | undefined {
    return this.journal.openTransactions().findLast((open) => open.kind === kind && open.subject === subject);
  }

  private async send(action: Action): Promise<string> {
    const { kind, subject, to, data } = action;
    const from = this.signer.address;
    const [estimate, fees, count] = await Promise.all([
      this.provider.estimateGas({ from, to, data }),
      this.fees(),
      this.provider.getTransactionCount(from, "latest"),
    ]);
    const gasLimit = gasLimitOf(estimate);
    const cost = gasLimit * fees.maxFeePerGas;
    this.budget.check(kind, cost, (action.reserve ?? 0n) * fees.maxFeePerGas);

    const nonce = this.freeNonce(count);
    const { chainId } = await this.provider.getNetwork();
    const raw = await this.signer.signTransaction({ type: 2, chainId, to, data, nonce, gasLimit, ...fees });
    return this.record({ kind, subject, nonce, raw, cost });
  }

  /** The lowest that is not taken: a reorganisation can leave a gap below those that wait, and they wait for it. */
  private freeNonce(next: number): number {
    const taken = new Set(this.journal.openTransactions().map(({ nonce }) => nonce));
    let free = next;
    while (taken.has(free)) free += 1;
    return free;
  }

  /** On disk first, then on the wire. */
  private async record(signed: Omit<JournalTransaction, "hash" | "sentAt">): Promise<string> {
    const { hash } = Transaction.from(signed.raw);
    if (hash === null) throw new Error("A signed transaction has a hash");
    this.journal.putTransaction({ ...signed, hash, sentAt: Date.now() });
    this.waitingSince.set(hash, performance.now());
    await this.broadcast(signed.raw);
    this.log.info({ kind: signed.kind, subject: signed.subject, nonce: signed.nonce, hash }, "sent");
    return hash;
  }

  /** That a node of the network knows a transaction already, or has mined it, is no failure. */
  private async broadcast(raw: string): Promise<void> {
    try {
      await this.provider.broadcastTransaction(raw);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (
        !/already known|nonce too low|nonce has already been used|already imported|known transaction/i.test(message)
      ) {
        throw error;
      }
    }
  }

  /** Sends a waiting transaction again; for a higher fee if it has waited for long and the budget has room for `kind`. */
  private async push(transaction: JournalTransaction, kind: string): Promise<void> {
    if (this.waited(transaction) < PATIENCE) {
      await this.broadcast(transaction.raw);
      return;
    }
    const old = Transaction.from(transaction.raw);
    const fees = await this.fees();
    const raise = (value: bigint | null, now: bigint) => max(((value ?? 0n) * BUMP) / 100n, now);
    const maxFeePerGas = raise(old.maxFeePerGas, fees.maxFeePerGas);
    const maxPriorityFeePerGas = raise(old.maxPriorityFeePerGas, fees.maxPriorityFeePerGas);
    const { to, data, nonce, gasLimit, chainId } = old;
    const cost = gasLimit * maxFeePerGas;
    try {
      this.budget.check(kind, cost - transaction.cost, 0n);
    } catch (error) {
      await this.broadcast(transaction.raw);
      throw error;
    }
    const request = { type: 2, chainId, to, data, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas };
    await this.record({ ...transaction, raw: await this.signer.signTransaction(request), cost });
  }

  /** Milliseconds. Of what an earlier process sent, the machine's clock tells at first how long it has waited already. */
  private waited({ hash, sentAt }: JournalTransaction): number {
    const now = performance.now();
    const since = this.waitingSince.get(hash) ?? now - Math.min(Math.max(0, Date.now() - sentAt), PATIENCE);
    this.waitingSince.set(hash, since);
    return now - since;
  }

  private async close({ hash, kind, subject }: JournalTransaction): Promise<void> {
    const receipt: TransactionReceipt | null = await this.provider.getTransactionReceipt(hash);
    if (receipt === null) return; // another one with its nonce was mined
    this.journal.setCost(hash, receipt.gasUsed * receipt.gasPrice);
    const level = receipt.status === 1 ? "info" : "warn";
    this.log[level](
      { kind, subject, hash, gas: receipt.gasUsed.toString() },
      receipt.status === 1 ? "mined" : "reverted",
    );
  }

  private async fees(): Promise<{ maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }> {
    const { maxFeePerGas, maxPriorityFeePerGas } = await this.provider.getFeeData();
    if (maxFeePerGas === null || maxPriorityFeePerGas === null) throw new Error("The chain has no EIP-1559 fees");
    return { maxFeePerGas, maxPriorityFeePerGas };
  }
}

/** Of several transactions with one nonce, the last one sent: it pays most. */
function latestOfEachNonce(transactions: readonly JournalTransaction[]): JournalTransaction[] {
  return [...new Map(transactions.map((transaction) => [transaction.nonce, transaction])).values()];
}

const max = (a: bigint, b: bigint) => (a > b ? a : b);
