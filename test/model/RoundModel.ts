import { ZeroHash } from "ethers";

import {
  type PackedReveal,
  type PackedSeal,
  type Reveal,
  RevealFault,
  sealHash,
} from "../../packages/sdk/src/codecs/commitment.ts";
import { entryOfReveal, entryOfSeal } from "../support/entries.ts";
import { type Pack, PACKED, packWord } from "../support/packs.ts";
import { type Revertible, saveMap } from "./atomically.ts";
import type { Clock } from "./Clock.ts";
import { demand } from "./Refusal.ts";

/** Clock and size of a round, as its first seal fixes them. Times in unix seconds. */
export interface RoundTerms {
  readonly sealEndsAt: number;
  readonly lastSealEndsAt: number;
  readonly revealPeriod: number;
  /** Seals that end the sealing with the running step. */
  readonly least: number;
  /** Seals that fill the round. */
  readonly most: number;
}

/** What one node did in a round. Storage keeps 31 bytes of the seal, or of the hash of the output. */
interface Entry {
  readonly commitment: string;
  readonly output: string | undefined;
}

/** Where a round is kept, for the hashes that name that place. */
export interface RoundPlace {
  readonly chainId: bigint;
  readonly commitments: string;
}

/** One round: what IResultCommitments says of it. Before the first seal it has no terms. */
export class RoundModel implements Revertible {
  terms: RoundTerms | undefined;
  readonly entries = new Map<string, Entry>();
  leader: string = ZeroHash;
  lastRevealBlock = 0;
  /** Storage keeps one hash of all seals. */
  isPacked = false;

  constructor(
    readonly id: string,
    private readonly place: RoundPlace,
    private readonly clock: Clock,
  ) {}

  seal(node: string, commitment: string, terms: RoundTerms): void {
    demand(this.isPacked || !this.entries.has(node), "CommitmentsAlreadySealed", this.id, node);
    this.checkCommitment(node, commitment);
    this.checkUnpacked();
    if (this.terms === undefined) {
      this.terms = terms;
    } else {
      const stepFits = terms.sealEndsAt >= this.terms.sealEndsAt && terms.sealEndsAt <= this.terms.lastSealEndsAt;
      demand(stepFits && this.isSealing, "CommitmentsSealingOver", this.id, this.sealingEndsAt);
      demand(this.sealedCount < this.terms.most, "CommitmentsRoundFull", this.id, this.terms.most);
      this.terms = { ...this.terms, sealEndsAt: terms.sealEndsAt };
    }
    this.entries.set(node, { commitment, output: undefined });
  }

  /** Seals for several nodes, all or none; packs them where they open a first attempt and it goes on with them alone. */
  sealMany(seals: readonly PackedSeal[], terms: RoundTerms, isFirstAttempt: boolean): void {
    const ascends = seals.every(({ node }, i) => i === 0 || node > (seals[i - 1]?.node ?? ""));
    const fits = seals.length > 0 && seals.length >= terms.least && seals.length <= terms.most;
    if (!isFirstAttempt || !ascends || !fits || this.terms !== undefined) {
      for (const { node, commitment } of seals) this.seal(node, commitment, terms);
      return;
    }
    for (const { node, commitment } of seals) {
      this.checkCommitment(node, commitment);
      this.entries.set(node, { commitment, output: undefined });
    }
    this.terms = terms;
    this.isPacked = true;
  }

  unpack(given: Pack): void {
    this.checkPack(given);
    this.isPacked = false;
  }

  /** Does something while all of a packed round have revealed an output; afterwards nothing of that is left. */
  whileShown(round: bigint, output: string, reveals: readonly PackedReveal[], run: () => void): void {
    const seals = reveals.map(({ node, salt }) => {
      demand(output !== ZeroHash && salt !== ZeroHash, "CommitmentsZeroReveal", this.id, node);
      return { node, commitment: this.sealOf(node, output, salt) };
    });
    this.checkPack({ roundId: this.id, round, seals });
    this.checkPhase();
    const restore = this.save();
    this.isPacked = false;
    for (const [node, entry] of [...this.entries]) this.show(node, entry, output);
    try {
      run();
    } finally {
      restore();
    }
  }

  reveal(node: string, output: string, salt: string): void {
    this.checkUnpacked();
    const entry = this.entries.get(node);
    demand(entry !== undefined && entry.output === undefined, "CommitmentsNothingSealed", this.id, node);
    demand(output !== ZeroHash && salt !== ZeroHash, "CommitmentsZeroReveal", this.id, node);
    this.checkPhase();
    const given = this.sealOf(node, output, salt);
    const fits = kept(given) === kept(entry.commitment);
    demand(fits, "CommitmentsMismatch", this.id, node, entryOfSeal(given), entryOfSeal(entry.commitment));

    this.show(node, entry, output);
  }

  /** Reveals what fits, and says of the others why they do not. */
  revealMany(reveals: readonly Reveal[], skipped: (node: string, fault: RevealFault) => void): void {
    this.checkUnpacked();
    this.checkPhase();
    for (const { node, outputRoot, salt } of reveals) {
      const entry = this.entries.get(node);
      if (entry === undefined || entry.output !== undefined) skipped(node, RevealFault.NothingSealed);
      else if (outputRoot === ZeroHash || salt === ZeroHash) skipped(node, RevealFault.ZeroReveal);
      else if (kept(this.sealOf(node, outputRoot, salt)) !== kept(entry.commitment))
        skipped(node, RevealFault.Mismatch);
      else this.show(node, entry, outputRoot);
    }
  }

  save(): () => void {
    const { terms, leader, lastRevealBlock, isPacked } = this;
    const restore = saveMap(this.entries);
    return () => {
      this.terms = terms;
      this.isPacked = isPacked;
      this.leader = leader;
      this.lastRevealBlock = lastRevealBlock;
      restore();
    };
  }

  /** Refuses what needs an entry for each seal. */
  checkUnpacked(): void {
    demand(!this.isPacked, "CommitmentsPacked", this.id);
  }

  /** What its seals are packed as; of a round that is not packed, what somebody could take for that. */
  get pack(): Pack {
    const seals = [...this.entries].map(([node, { commitment }]) => ({ node, commitment }));
    return { roundId: this.id, round: this.sealedWord | PACKED, seals };
  }

  /** What storage keeps of the round. @see the layout of Round in contracts/types/CommitmentTypes.sol */
  get word(): bigint {
    if (this.isPacked) return packWord(this.pack);
    const counts = (BigInt(this.revealedCount) << 152n) | (BigInt(this.leaderCount) << 160n);
    return this.sealedWord | counts | (BigInt(this.lastRevealBlock) << 168n);
  }

  /** What storage says of a node. */
  entryOf(node: string): string {
    const entry = this.entries.get(node);
    if (entry === undefined) return ZeroHash;
    return entry.output === undefined ? entryOfSeal(entry.commitment) : entryOfReveal(entry.output);
  }

  countOf(output: string): number {
    return [...this.entries.values()].filter((entry) => entry.output === output).length;
  }

  /** The nodes that sealed, as seats are listed. */
  get seats(): string[] {
    return [...this.entries.keys()].sort();
  }

  get sealedCount(): number {
    return this.entries.size;
  }

  get revealedCount(): number {
    return [...this.entries.values()].filter(({ output }) => output !== undefined).length;
  }

  get leaderCount(): number {
    return this.countOf(this.leader);
  }

  /** With the running step, unless that has ended with too few seals. */
  get sealingEndsAt(): number {
    if (this.terms === undefined) return 0;
    const goesOn = this.clock.now >= this.terms.sealEndsAt && this.sealedCount < this.terms.least;
    return goesOn ? this.terms.lastSealEndsAt : this.terms.sealEndsAt;
  }

  get isSealing(): boolean {
    return this.clock.now < this.sealingEndsAt;
  }

  get revealEndsAt(): number {
    return this.sealingEndsAt + (this.terms?.revealPeriod ?? 0);
  }

  /** Nothing can change any more. */
  get isOver(): boolean {
    return !this.isSealing && (this.revealedCount === this.sealedCount || this.clock.now >= this.revealEndsAt);
  }

  /** Clock, size and seals, before anybody has revealed. */
  private get sealedWord(): bigint {
    const { terms } = this;
    if (terms === undefined) return 0n;
    const clocks =
      BigInt(terms.sealEndsAt) | (BigInt(terms.lastSealEndsAt) << 48n) | (BigInt(terms.revealPeriod) << 96n);
    return clocks | (BigInt(terms.least) << 128n) | (BigInt(terms.most) << 136n) | (BigInt(this.sealedCount) << 144n);
  }

  private checkCommitment(node: string, commitment: string): void {
    demand(kept(commitment) !== kept(ZeroHash), "CommitmentsZeroSeal", this.id, node);
  }

  private checkPack(given: Pack): void {
    const word = packWord(given);
    demand(word === this.word, "CommitmentsOtherPack", this.id, word, this.word);
  }

  private checkPhase(): void {
    const { now } = this.clock;
    demand(now >= this.sealingEndsAt, "CommitmentsRevealTooEarly", this.id, this.sealingEndsAt);
    demand(now < this.revealEndsAt, "CommitmentsRevealTooLate", this.id, this.revealEndsAt);
  }

  private sealOf(node: string, outputRoot: string, salt: string): string {
    return sealHash({ ...this.place, roundId: this.id, node, outputRoot, salt });
  }

  private show(node: string, entry: Entry, output: string): void {
    // Of several outputs with as many reveals, the one leads that had so many first.
    if (this.countOf(output) === this.leaderCount) this.leader = output;
    this.entries.set(node, { ...entry, output });
    this.lastRevealBlock = this.clock.block;
  }
}

/** The 31 bytes of a hash that storage keeps. */
const kept = (hash: string) => hash.slice(0, -2);
