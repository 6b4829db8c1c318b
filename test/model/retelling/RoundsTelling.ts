import { ZeroHash } from "ethers";

import { revealEntry, sealEntry } from "../../../packages/sdk/src/codecs/commitment.ts";
import type { ResultCommitments } from "../../../typechain-types/index.ts";
import { PACKED } from "../../support/packs.ts";
import { entry } from "../NodeBooks.ts";
import { ERRORS, type View } from "../views.ts";
import { found } from "../World.ts";
import { answer, changesNothing, type Hears, type Telling } from "./Telling.ts";

const SEAL_ENDS_MASK = (1n << 48n) - 1n;
const COUNT_MASK = 0xffn;
const SEALED_SHIFT = 144n;
const REVEALED_SHIFT = 152n;
const LEADER_SHIFT = 160n;
const LAST_BLOCK_SHIFT = 168n;

/** A round, and what its nodes have sealed and revealed. */
export class ToldRound {
  readonly seals = new Map<string, string>();
  readonly reveals = new Map<string, string>();
  leader: string = ZeroHash;
  private lastRevealBlock = 0;

  constructor(
    readonly id: string,
    readonly attempt: number,
    /** As it was opened. */
    private terms: bigint,
  ) {}

  get isPacked(): boolean {
    return (this.terms & PACKED) !== 0n;
  }

  seal(node: string, commitment: string, sealEndsAt: bigint): void {
    this.seals.set(node, commitment);
    this.terms = (this.terms & ~SEAL_ENDS_MASK) | sealEndsAt;
  }

  unpack(): void {
    this.terms &= ~PACKED;
  }

  reveal(node: string, output: string, block: number): void {
    // Of several outputs with as many reveals, the one leads that had so many first.
    if (this.countOf(output) === this.countOf(this.leader)) this.leader = output;
    this.reveals.set(node, output);
    this.lastRevealBlock = block;
  }

  /** @see the layout of Round in contracts/types/CommitmentTypes.sol */
  get word(): bigint {
    const clocks = this.terms & ~(COUNT_MASK << SEALED_SHIFT);
    const reveals = (BigInt(this.reveals.size) << REVEALED_SHIFT) | (this.countOf(this.leader) << LEADER_SHIFT);
    const counts = (BigInt(this.seals.size) << SEALED_SHIFT) | reveals;
    return clocks | counts | (BigInt(this.lastRevealBlock) << LAST_BLOCK_SHIFT);
  }

  countOf(output: string): bigint {
    return BigInt([...this.reveals.values()].filter((revealed) => revealed === output).length);
  }
}

/** Rounds of which no statement can be disputed: those of jobs that a referee judges keep more. */
export class RoundsTelling implements Telling {
  private readonly rounds = new Map<string, ToldRound>();
  private readonly ofJobs = new Map<string, ToldRound[]>();
  readonly hears: Hears<ResultCommitments> = {
    RoundOpened: ({ roundId, jobId, attempt, terms }) => {
      const round = new ToldRound(roundId, Number(attempt), terms);
      this.rounds.set(roundId, round);
      this.ofJob(jobId).push(round);
    },
    ResultSealed: ({ roundId, node, commitment, sealEndsAt }) => {
      this.of(roundId).seal(node, commitment, sealEndsAt);
    },
    ResultRevealed: ({ roundId, node, outputRoot }, { block }) => {
      this.of(roundId).reveal(node, outputRoot, block);
    },
    RoundUnpacked: ({ roundId }) => {
      this.of(roundId).unpack();
    },
    RevealSkipped: changesNothing,
  };

  /** The draws of a job, in their order. */
  ofJob(jobId: string): ToldRound[] {
    return entry(this.ofJobs, jobId, () => []);
  }

  answers(): View[] {
    return [...this.rounds.values()].flatMap((round) => (round.isPacked ? refusals(round) : answersOf(round)));
  }

  private of(roundId: string): ToldRound {
    return found(this.rounds, roundId);
  }
}

/** Of a packed round storage has a hash, and getters refuse to take that for a round. */
function refusals({ id, seals }: ToldRound): View[] {
  const expected = ERRORS.encodeErrorResult("CommitmentsPacked", [id]);
  const refused = (method: string, ...args: string[]): View => ({
    contract: "commitments",
    method,
    args: [id, ...args],
    expected,
  });
  return [
    refused("roundOf"),
    refused("countOf", ZeroHash),
    ...[...seals.keys()].map((node) => refused("entryOf", node)),
  ];
}

function answersOf(round: ToldRound): View[] {
  const { id, seals, reveals } = round;
  const get = (method: string, args: string[], ...values: unknown[]) =>
    answer("commitments", method, [id, ...args], ...values);
  return [
    get("roundOf", [], round.word, round.leader),
    ...[...new Set(reveals.values())].map((output) => get("countOf", [output], round.countOf(output))),
    ...[...seals].map(([node, commitment]) => {
      const output = reveals.get(node);
      return get("entryOf", [node], output === undefined ? sealEntry(commitment) : revealEntry(output));
    }),
    ...[...reveals].flatMap(([node, output]) => [
      get("hasStated", [node, output], true),
      get("outputOf", [node], output === round.leader ? output : ZeroHash),
      get("disputableUntil", [node, output], 0n),
    ]),
  ];
}
