import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, ZeroHash } from "ethers";

import { PAUSER } from "../../deploy/modules/Guardian.ts";
import { protocol, type Protocol } from "./fixtures.ts";
import { time } from "./network.ts";

/** As `local.json5` says, seconds. */
export const PERIODS = { votingDelay: 5, voting: 30, lateQuorum: 10, timelock: 5, pause: 60 } as const;
export const ADMIN = 0n;

/** A call that votes decide on. */
export interface Call {
  readonly to: string;
  readonly data: string;
}

/** The real suite; the deployer, who holds the supply, votes with it, and has held it for a while. */
export async function voting() {
  const suite = await protocol();
  await suite.token.connect(suite.deployer).delegate(suite.deployer);
  await time.increase(1);
  return suite;
}

/** The same after the handover: the timelock is the only admin. */
export async function handedOver() {
  const suite = await voting();
  const { access, timelock, deployer } = suite;
  await access.connect(deployer).grantRole(ADMIN, timelock, 0);
  await access.connect(deployer).renounceRole(ADMIN, deployer);
  return suite;
}

/** Something that is put to the vote. */
export class TestProposal {
  private readonly hash: string;

  constructor(
    readonly suite: Protocol,
    private readonly calls: readonly Call[],
    private readonly description = "Because it is better",
  ) {
    this.hash = id(description);
  }

  private get parts(): [string[], bigint[], string[]] {
    return [this.calls.map(({ to }) => to), this.calls.map(() => 0n), this.calls.map(({ data }) => data)];
  }

  get proposalId(): Promise<bigint> {
    return this.suite.governor.hashProposal(...this.parts, this.hash);
  }

  propose(sender: HardhatEthersSigner = this.suite.deployer) {
    return this.suite.governor.connect(sender).propose(...this.parts, this.description);
  }

  async vote(sender: HardhatEthersSigner = this.suite.deployer, support = 1) {
    return this.suite.governor.connect(sender).castVote(await this.proposalId, support);
  }

  queue(sender: HardhatEthersSigner = this.suite.stranger) {
    return this.suite.governor.connect(sender).queue(...this.parts, this.hash);
  }

  execute(sender: HardhatEthersSigner = this.suite.stranger) {
    return this.suite.governor.connect(sender).execute(...this.parts, this.hash);
  }

  cancel(sender: HardhatEthersSigner) {
    return this.suite.governor.connect(sender).cancel(...this.parts, this.hash);
  }

  /** Proposes and waits until votes can be cast. */
  async open(): Promise<this> {
    await this.propose();
    await time.increase(PERIODS.votingDelay + 1);
    return this;
  }

  /** Waits until the vote is over. */
  async close(): Promise<this> {
    await time.increaseTo((await this.suite.governor.proposalDeadline(await this.proposalId)) + 1n);
    return this;
  }

  /** Goes all the way, up to the execution, which can be refused. */
  async passed(): Promise<this> {
    await this.open();
    await this.vote();
    await this.close();
    await this.queue();
    await time.increase(PERIODS.timelock);
    return this;
  }

  /** The id under which the timelock knows it. */
  operationId(): Promise<string> {
    const { governor, timelock } = this.suite;
    const salt = BigInt(governor.target as string) << 96n;
    return timelock.hashOperationBatch(
      ...this.parts,
      ZeroHash,
      `0x${(salt ^ BigInt(this.hash)).toString(16).padStart(64, "0")}`,
    );
  }
}

/** Closes all entries for good, as only whoever abuses the admin's role can. */
export async function pauseEverything(suite: Protocol): Promise<void> {
  const { access, deployer, market, optimistic, sessions, scheduler, registry, staking } = suite;
  await access.connect(deployer).grantRole(PAUSER, deployer, 0);
  for (const target of [market, optimistic, sessions, scheduler, registry, staking]) {
    await target.connect(deployer).pauseUntil(2n ** 256n - 1n);
  }
}
