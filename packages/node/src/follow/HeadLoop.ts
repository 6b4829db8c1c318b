import { setTimeout as sleep } from "node:timers/promises";

import type { Findings, Head, Interest } from "../chain/Chain.ts";
import type { Connection } from "../chain/connect.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";
import { Follower } from "./Follower.ts";
import { SecondReading } from "./SecondReading.ts";

/** How long a daemon waits after a failure of its provider before it looks again, milliseconds. */
const RETRY_DELAY = 2_000;

/**
 * Has something done at each head of the chain until the signal says stop; what fails is tried again a little later.
 * @throws ConnectionLostError
 */
export async function atEachHead(
  connection: Pick<Connection, "chain" | "moves">,
  signal: AbortSignal,
  act: (head: Head) => Promise<void>,
  fail: (error: unknown) => void,
): Promise<void> {
  const moves = connection.moves(signal);
  while ((await moves.next()).done !== true) {
    try {
      await act(await connection.chain.head());
    } catch (error) {
      if (signal.aborted) break;
      fail(error);
      await sleep(RETRY_DELAY, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** What a daemon does with what it reads. */
export interface Duties {
  /** The chain is another one than it was. */
  hearAll(): void;
  note(findings: Findings): void;
  /** Everything up to the head has been read. */
  tend(head: Head, signal: AbortSignal): Promise<void>;
}

export interface HeadLoopModules {
  readonly connection: Pick<Connection, "chain" | "moves" | "witness">;
  readonly journal: Journal;
  readonly sender: Pick<Sender, "review">;
  readonly log: Logger;
}

/** Reads the chain up to its head whenever that moves, and has done what follows from it. */
export class HeadLoop {
  private readonly follower: Follower;
  private readonly second: SecondReading | undefined;
  private keepsUp = false;

  constructor(
    private readonly modules: HeadLoopModules,
    interest: Interest,
    /** Most blocks of one request for logs. */
    private readonly range: number,
  ) {
    const { connection, journal, log } = modules;
    const { chain, witness } = connection;
    this.follower = new Follower(chain, journal, interest, range, log);
    if (witness !== undefined) this.second = new SecondReading({ chain, witness, journal, log }, interest, range);
  }

  /** Whether all logs have been read, and the last look has not failed. */
  get isCaughtUp(): boolean {
    return this.keepsUp;
  }

  /**
   * Follows the chain until the signal says stop.
   * @throws ConnectionLostError; a daemon that is put together anew goes on where this one was.
   */
  run(duties: Duties, signal: AbortSignal): Promise<void> {
    const { connection, log } = this.modules;
    return atEachHead(
      connection,
      signal,
      (head) => this.look(duties, head, signal),
      (error) => {
        this.keepsUp = false;
        const reason = error instanceof Error ? error.message : String(error);
        log.warn({ error: reason }, "could not follow the chain; tries again");
      },
    );
  }

  private async look(duties: Duties, head: Head, signal: AbortSignal): Promise<void> {
    await this.modules.sender.review();
    // Where the journal is new: what is older can hardly concern this daemon any more.
    const start = Math.max(0, head.number - this.range);
    this.second?.begin(start);
    for await (const news of this.follower.catchUp(head, start, signal)) {
      if (news === "reorganised") {
        this.second?.rewind(start);
        duties.hearAll();
      } else duties.note(news);
    }
    this.keepsUp = true;
    // Beside the work: a second provider that is slow holds up nothing.
    void this.second?.read(head, signal, (findings) => {
      duties.note(findings);
    });
    await duties.tend(head, signal);
  }
}
