import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, parseEther } from "ethers";

import type { NodeStaking } from "../../typechain-types/index.ts";
import { OWN_STAKE, protocol, registerNode, type Protocol } from "./fixtures.ts";
import { ethers, time } from "./network.ts";

/** What `delegated` adds to the own stake of 1,000 OPG: less than the ceiling of three times as much. */
export const DELEGATED = parseEther("2000");
/** What `locked` locks: all of the own stake and 1,500 OPG of the delegated. */
export const LOCKED = parseEther("2500");
export const CAP = parseEther("2800");
export const OBLIGATION = id("obligation");
export const DAY = 86_400n;
/** As `local.json5` says, seconds. */
export const THAW_PERIOD = 300n;
export const SHARES_PER_ASSET = 1_000n;

const CONSUMER = 6;

/** No node yet: an operator, another one, and an account that locks and slashes. */
export async function unregistered() {
  const suite = await protocol();
  const [operator, other] = suite.operators;
  const consumer = (await ethers.getSigners())[CONSUMER];
  if (operator === undefined || other === undefined || consumer === undefined) {
    throw new Error("The network has too few accounts");
  }
  return { ...suite, ...operator, operator, other, consumer };
}

/** The operator's node with 1,000 OPG of its own and a commission of 10 %. */
export async function registered() {
  const suite = await unregistered();
  await registerNode(suite, suite.operator);
  return suite;
}

export type Registered = Awaited<ReturnType<typeof registered>>;

/** The same with a delegator's 2,000 OPG, and with the consumer authorised. */
export async function delegated() {
  const suite = await registered();
  const { staking, owner, node, consumer, delegator } = suite;
  await staking.connect(owner).authorise(node, consumer, CAP);
  await delegate(suite, delegator, DELEGATED);
  return suite;
}

/** The same with 2,500 OPG locked for 30 days. */
export async function locked() {
  const suite = await delegated();
  const { staking, node, consumer } = suite;
  const endsAt = BigInt(await time.latest()) + 30n * DAY;
  await staking.connect(consumer).lock(node, OBLIGATION, LOCKED, endsAt);
  return { ...suite, endsAt };
}

/**
 * A pool that lost all but a 290-millionth, and that a stranger has joined since with 2,000 OPG: a little less would have
 * been all. Everything is locked.
 */
export async function worn() {
  const suite = await delegated();
  const { staking, owner, node, consumer, stranger } = suite;
  await staking.connect(owner).authorise(node, consumer, OWN_STAKE + DELEGATED);
  await slash(suite, OWN_STAKE + DELEGATED - DELEGATED / 290_000_000n);
  await stakeAgain(suite);
  await delegate(suite, stranger, DELEGATED);
  await lock(suite, OWN_STAKE + DELEGATED);
  return suite;
}

/** Gives an account OPG that staking may pull. */
export async function fund({ token, staking, deployer }: Protocol, account: HardhatEthersSigner, amount: bigint) {
  await token.connect(deployer).transfer(account, amount);
  await token.connect(account).approve(staking, amount);
}

export async function delegate(suite: Registered, account: HardhatEthersSigner, amount: bigint) {
  await fund(suite, account, amount);
  return suite.staking.connect(account).delegate(suite.node, amount, 0n);
}

/** Brings the node another 1,000 OPG of its own. */
export async function stakeAgain(suite: Registered) {
  await fund(suite, suite.owner, OWN_STAKE);
  return suite.staking.connect(suite.owner).stake(suite.node, OWN_STAKE);
}

export async function reward(suite: Registered, amount: bigint) {
  await fund(suite, suite.requester, amount);
  return suite.staking.connect(suite.requester).reward(suite.node, amount);
}

/** Locks so much for a day, in place of whatever the lock held. */
export async function lock({ staking, node, consumer }: Registered, amount: bigint, obligation = OBLIGATION) {
  const held = await staking.lockOf(node, consumer, obligation);
  const tomorrow = BigInt(await time.latest()) + DAY;
  const endsAt = held.endsAt > tomorrow ? held.endsAt : tomorrow;
  return staking.connect(consumer).lock(node, obligation, amount, endsAt);
}

/** Locks and takes so much, which is burned. */
export async function slash(suite: Registered, amount: bigint) {
  await lock(suite, amount);
  return suite.staking.connect(suite.consumer).slash(suite.node, OBLIGATION, amount, 0n, 0n);
}

/** Fixes the time of the next block, `seconds` after the latest. */
export async function nextTime(seconds = 1n): Promise<bigint> {
  const next = BigInt(await time.latest()) + seconds;
  await time.setNextBlockTimestamp(next);
  return next;
}

/** All that a node has at stake, OPG. */
export async function stakeOf(staking: NodeStaking, node: string) {
  const own = await staking.ownStakeOf(node);
  const { bonded, thawing } = await staking.delegatedStakeOf(node);
  return {
    own: own.bonded,
    ownThawing: own.thawing.assets,
    delegated: bonded.assets,
    delegatedThawing: thawing.assets,
  };
}
