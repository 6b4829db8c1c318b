import { toBeHex, ZeroAddress } from "ethers";

import type { Clock } from "./Clock.ts";
import type { GuardianModel } from "./GuardianModel.ts";
import type { Ledger } from "./Ledger.ts";
import { entry, NodeBooks, type Thaw } from "./NodeBooks.ts";
import { demand } from "./Refusal.ts";

const DAY = 86_400;
const COMMISSION_CAP_BPS = 5_000n;
const BPS = 10_000n;
const MAX_LOCK_PERIOD = 90 * DAY;
/** Backing counts in draws in thousandths of OPG. */
const GRAIN = 10n ** 15n;
/** Holder of the thaws of a node's own stake. */
export const OWN = ZeroAddress;

export interface StakingParameters {
  readonly leastOwnStake: bigint;
  readonly leastDelegation: bigint;
  readonly delegationRatio: bigint;
  readonly signerRotationPeriod: number;
  readonly commissionNoticePeriod: number;
}

export interface SlashingResult {
  readonly own: bigint;
  readonly delegated: bigint;
  readonly harmed: bigint;
  readonly rewarded: bigint;
  readonly burned: bigint;
}

const NO_SLASHING: SlashingResult = { own: 0n, delegated: 0n, harmed: 0n, rewarded: 0n, burned: 0n };
const min = (a: bigint, b: bigint) => (a < b ? a : b);
const max = (a: bigint, b: bigint) => (a > b ? a : b);

/** What INodeStaking says, as a plain state machine. Every function takes its caller first. */
export class StakingModel {
  private readonly books = new Map<string, NodeBooks>();
  readonly nodeOfSigner = new Map<string, string>();
  readonly nonces = new Map<string, number>();

  constructor(
    readonly address: string,
    readonly admin: string,
    readonly thawPeriod: number,
    public parameters: StakingParameters,
    private readonly clock: Clock,
    private readonly token: Ledger,
    private readonly guardian: GuardianModel,
    private readonly note: (what: string) => void,
  ) {}

  of(node: string): NodeBooks {
    return entry(this.books, node, () => new NodeBooks());
  }

  /** All nodes that were ever registered. */
  registered(): string[] {
    return [...this.books].filter(([, books]) => books.owner !== ZeroAddress).map(([node]) => node);
  }

  // Nodes

  register(caller: string, ownStake: bigint, signer: string, consents: boolean, commissionBps: bigint): void {
    this.guardian.checkOpen();
    const node = this.of(caller);
    const least = this.parameters.leastOwnStake;
    demand(node.owner === ZeroAddress, "StakingNodeExists", caller);
    demand(ownStake >= least, "StakingOwnStakeTooSmall", ownStake, least);
    this.checkCommission(commissionBps);
    this.checkSigner(caller, signer, consents);
    this.token.move(caller, this.address, ownStake);

    this.claimSigner(caller, signer);
    node.owner = caller;
    node.ownBonded = ownStake;
    node.commissionBps = commissionBps;
    this.setSigner(node, signer);
    this.refresh(node);
  }

  proposeOwner(caller: string, name: string, nextOwner: string): void {
    this.owned(caller, name).nextOwner = nextOwner;
  }

  acceptOwnership(caller: string, name: string): void {
    const node = this.of(name);
    demand(caller === node.nextOwner, "StakingNotNextOwner", name, caller, node.nextOwner);
    node.owner = caller;
    node.nextOwner = ZeroAddress;
  }

  proposeSigner(caller: string, name: string, signer: string, consents: boolean): void {
    const node = this.owned(caller, name);
    // Proposing the announced signer once more withdraws and claims it again.
    this.checkSigner(name, signer, consents, node.nextSigner);
    this.dropNextSigner(node);
    this.claimSigner(name, signer);
    node.nextSigner = signer;
    node.nextSignerAt = this.clock.now + this.parameters.signerRotationPeriod;
  }

  activateSigner(_caller: string, name: string): void {
    const node = this.of(name);
    const due = node.nextSignerAt !== 0 && this.clock.now >= node.nextSignerAt;
    demand(due, "StakingSignerNotDue", name, node.nextSignerAt);
    this.nodeOfSigner.delete(node.signer);
    this.setSigner(node, node.nextSigner);
    node.nextSigner = ZeroAddress;
    node.nextSignerAt = 0;
  }

  revokeSigner(caller: string, name: string): void {
    const node = this.owned(caller, name);
    this.dropNextSigner(node);
    this.nodeOfSigner.delete(node.signer);
    this.setSigner(node, ZeroAddress);
  }

  proposeCommission(caller: string, name: string, commissionBps: bigint): void {
    const node = this.owned(caller, name);
    this.checkCommission(commissionBps);
    node.commissionBps = node.commissionAt(this.clock.now);
    node.nextCommissionBps = commissionBps;
    node.nextCommissionAt = this.clock.now + this.parameters.commissionNoticePeriod;
  }

  // Own stake

  stake(caller: string, name: string, amount: bigint): void {
    this.guardian.checkOpen();
    const node = this.known(name);
    demand(amount > 0n, "StakingAmountTooSmall", 0n, 1n);
    this.token.move(caller, this.address, amount);
    node.ownBonded += amount;
    this.refresh(node);
  }

  thaw(caller: string, name: string, amount: bigint): void {
    const node = this.owned(caller, name);
    demand(amount > 0n, "StakingAmountTooSmall", 0n, 1n);
    demand(amount <= node.ownBonded, "StakingInsufficient", name, amount, node.ownBonded);
    this.checkBacked(name, node.locked, this.backingWith(node, node.ownBonded - amount));
    node.ownBonded -= amount;
    this.beginThaw(node, OWN, amount);
    this.refresh(node);
  }

  cancelThaw(caller: string, name: string, thawId: number): void {
    const node = this.owned(caller, name);
    node.ownBonded += this.endThaw(name, OWN, thawId);
    this.refresh(node);
  }

  withdraw(caller: string, name: string, thawId: number): void {
    const node = this.owned(caller, name);
    this.checkThawed(name, OWN, thawId);
    this.checkBacked(name, node.locked, node.ownBonded * (1n + this.parameters.delegationRatio));
    this.token.move(this.address, caller, this.endThaw(name, OWN, thawId));
  }

  // Delegated stake

  delegate(caller: string, name: string, amount: bigint, leastShares: bigint): void {
    this.guardian.checkOpen();
    const node = this.known(name);
    const least = this.parameters.leastDelegation;
    demand(amount >= least, "StakingAmountTooSmall", amount, least);
    this.checkJoin(name, amount, leastShares);
    this.token.move(caller, this.address, amount);
    this.join(node, caller, amount);
  }

  undelegate(caller: string, name: string, shares: bigint, leastAmount: bigint): void {
    const node = this.of(name);
    const held = node.sharesOf(caller);
    demand(shares > 0n, "StakingAmountTooSmall", 0n, 1n);
    demand(shares <= held, "StakingInsufficient", name, shares, held);
    const amount = node.delegated.redeemable(shares);
    demand(amount >= leastAmount, "StakingSlippage", amount, leastAmount);

    node.delegations.set(caller, { shares: held - shares, epoch: node.delegated.epoch });
    node.delegated.redeem(shares);
    this.beginThaw(node, caller, amount);
    this.refresh(node);
  }

  cancelUndelegate(caller: string, name: string, thawId: number, leastShares: bigint): void {
    const node = this.of(name);
    const thaw = this.foundThaw(name, caller, thawId);
    const pool = node.thawing(caller);
    const amount = pool.redeemable(pool.sharesNow(thaw.shares, thaw.epoch));
    this.checkJoin(name, amount, leastShares);
    this.endThaw(name, caller, thawId);
    this.join(node, caller, amount);
  }

  withdrawDelegation(caller: string, name: string, thawId: number): void {
    this.checkThawed(name, caller, thawId);
    this.token.move(this.address, caller, this.endThaw(name, caller, thawId));
  }

  // Locks, as their consumers make them

  authorise(caller: string, name: string, consumer: string, cap: bigint): void {
    this.owned(caller, name).authorisation(consumer).cap = cap;
  }

  lock(consumer: string, name: string, obligation: string, amount: bigint, endsAt: number): void {
    const node = this.of(name);
    const held = node.lock(consumer, obligation);
    if (amount > held.amount) this.guardian.checkOpen();
    const authorisation = node.authorisation(consumer);
    const lockedHere = authorisation.locked - held.amount + amount;
    const grows = amount > held.amount || endsAt > held.endsAt;
    const overCap = grows && lockedHere > authorisation.cap;
    demand(!overCap, "StakingOverCap", name, consumer, lockedHere, authorisation.cap);
    const earliest = Math.max(this.clock.now + 1, held.endsAt);
    const latest = this.clock.now + MAX_LOCK_PERIOD;
    demand(endsAt >= earliest && endsAt <= latest, "StakingBadLockEnd", endsAt, earliest, latest);
    const locked = node.locked - held.amount + amount;
    if (grows) this.checkBacked(name, locked, this.backing(node));

    this.changeLock(node, consumer, obligation, amount - held.amount);
    held.endsAt = endsAt;
    this.refresh(node);
  }

  unlock(consumer: string, name: string, obligation: string, amount: bigint): void {
    const node = this.of(name);
    this.changeLock(node, consumer, obligation, -min(amount, node.lock(consumer, obligation).amount));
    this.refresh(node);
  }

  release(_caller: string, name: string, consumer: string, obligation: string): void {
    const node = this.of(name);
    const held = node.lock(consumer, obligation);
    const running = this.clock.now < held.endsAt;
    demand(!running, "StakingLockRunning", name, consumer, obligation, held.endsAt);
    this.changeLock(node, consumer, obligation, -held.amount);
    this.refresh(node);
  }

  slash(
    consumer: string,
    name: string,
    obligation: string,
    requested: bigint,
    harm: bigint,
    compensation: bigint,
  ): SlashingResult {
    const node = this.of(name);
    const held = node.lock(consumer, obligation);
    const amount = this.clock.now < held.endsAt ? min(requested, held.amount) : 0n;
    if (amount === 0n) return NO_SLASHING;

    this.changeLock(node, consumer, obligation, -amount);
    if (node.ownThawing.assets > 0n) this.note("slash of thawing stake");
    const epochs = node.ownThawing.epoch + node.delegated.epoch + node.delegatedThawing.epoch;
    const own = slashOwn(node, amount);
    const delegated = own < amount ? slashDelegated(node, amount - own) : 0n;
    this.refresh(node);
    if (delegated > 0n) this.note("slash of delegated stake");
    if (node.ownThawing.epoch + node.delegated.epoch + node.delegatedThawing.epoch > epochs) this.note("new epoch");

    const others = node.locked - node.authorisation(consumer).locked;
    const free = own + node.ownBonded + node.ownThawing.assets - others;
    const most = free < 0n ? 0n : min(own, free);
    const harmed = min(harm, most);
    const rewarded = min(compensation, most - harmed);
    const burned = own + delegated - harmed - rewarded;
    this.token.move(this.address, consumer, harmed + rewarded);
    this.token.burn(this.address, burned);
    return { own, delegated, harmed, rewarded, burned };
  }

  // Rewards

  reward(payer: string, name: string, amount: bigint): void {
    const node = this.known(name);
    this.token.move(payer, this.address, amount);
    const delegated = node.delegated.shares === 0n ? 0n : node.delegated.assets;
    const bonded = node.ownBonded + delegated;
    const commission = bonded === 0n ? amount : (amount * node.commissionAt(this.clock.now)) / BPS;
    const toDelegated = bonded === 0n ? 0n : ((amount - commission) * delegated) / bonded;
    node.earnings += commission;
    node.delegated.assets += toDelegated;
    node.ownBonded += amount - commission - toDelegated;
    this.refresh(node);
  }

  withdrawEarnings(caller: string, name: string): void {
    const node = this.owned(caller, name);
    this.token.move(this.address, caller, node.earnings);
    node.earnings = 0n;
  }

  setParameters(caller: string, parameters: StakingParameters): void {
    demand(caller === this.admin, "AccessManagedUnauthorized", caller);
    this.parameters = parameters;
  }

  // Views

  backing(node: NodeBooks): bigint {
    return this.backingWith(node, node.ownBonded);
  }

  isOperator(name: string, account: string): boolean {
    const { owner, signer } = this.of(name);
    return account === owner || account === signer;
  }

  /** Who signed for a node then. */
  signerAt(name: string, time: number): string {
    return toBeHex(this.of(name).signers.at(time), 20);
  }

  stakeAt(name: string, time: number): bigint {
    return this.of(name).standing.at(time) * GRAIN;
  }

  /** All that the contract owes. */
  owed(): bigint {
    const parts = [...this.books.values()].map(
      (node) =>
        node.ownBonded + node.ownThawing.assets + node.delegated.assets + node.delegatedThawing.assets + node.earnings,
    );
    return parts.reduce((sum, part) => sum + part, 0n);
  }

  private backingWith(node: NodeBooks, own: bigint): bigint {
    if (own < this.parameters.leastOwnStake) return 0n;
    return own + min(node.delegated.assets, own * this.parameters.delegationRatio);
  }

  private refresh(node: NodeBooks): void {
    const backing = this.backing(node);
    const grains = backing / GRAIN;
    if (grains !== node.standing.present) node.standing.set(this.clock.now, grains);
    node.covered = node.locked <= backing;
  }

  private known(name: string): NodeBooks {
    const node = this.of(name);
    demand(node.owner !== ZeroAddress, "StakingUnknownNode", name);
    return node;
  }

  private owned(caller: string, name: string): NodeBooks {
    const node = this.of(name);
    demand(caller === node.owner, "StakingNotNodeOwner", name, caller, node.owner);
    return node;
  }

  private checkBacked(name: string, locked: bigint, backing: bigint): void {
    demand(locked <= backing, "StakingNotBacked", name, locked, backing);
  }

  private checkCommission(commissionBps: bigint): void {
    demand(commissionBps <= COMMISSION_CAP_BPS, "StakingCommissionTooHigh", commissionBps, COMMISSION_CAP_BPS);
  }

  private checkSigner(name: string, signer: string, consents: boolean, freed = ZeroAddress): void {
    const holder = signer === freed ? ZeroAddress : (this.nodeOfSigner.get(signer) ?? ZeroAddress);
    demand(signer !== ZeroAddress && holder === ZeroAddress, "StakingSignerTaken", signer, holder);
    demand(consents, "StakingBadConsent", name, signer, this.nonces.get(signer) ?? 0);
  }

  private claimSigner(name: string, signer: string): void {
    this.nonces.set(signer, (this.nonces.get(signer) ?? 0) + 1);
    this.nodeOfSigner.set(signer, name);
  }

  private setSigner(node: NodeBooks, signer: string): void {
    node.signer = signer;
    node.signers.set(this.clock.now, BigInt(signer));
  }

  private dropNextSigner(node: NodeBooks): void {
    this.nodeOfSigner.delete(node.nextSigner);
    node.nextSigner = ZeroAddress;
    node.nextSignerAt = 0;
  }

  private changeLock(node: NodeBooks, consumer: string, obligation: string, change: bigint): void {
    node.lock(consumer, obligation).amount += change;
    node.authorisation(consumer).locked += change;
    node.locked += change;
  }

  private checkJoin(name: string, amount: bigint, leastShares: bigint): void {
    const node = this.of(name);
    const ceiling = node.ownBonded * this.parameters.delegationRatio;
    const delegated = node.delegated.assets + amount;
    demand(delegated <= ceiling, "StakingDelegationCeiling", name, delegated, ceiling);
    const shares = node.delegated.price(amount);
    demand(shares > 0n && shares >= leastShares, "StakingSlippage", shares, max(leastShares, 1n));
  }

  private join(node: NodeBooks, delegator: string, amount: bigint): void {
    const held = node.sharesOf(delegator);
    const shares = node.delegated.deposit(amount);
    node.delegations.set(delegator, { shares: held + shares, epoch: node.delegated.epoch });
    this.refresh(node);
  }

  private beginThaw(node: NodeBooks, holder: string, amount: bigint): void {
    const pool = node.thawing(holder);
    const shares = pool.deposit(amount);
    node.thawsOf(holder).push({ shares, epoch: pool.epoch, endsAt: this.clock.now + this.thawPeriod });
  }

  private foundThaw(name: string, holder: string, thawId: number): Thaw {
    const thaw = this.of(name).thawsOf(holder)[thawId];
    demand(thaw !== undefined, "StakingUnknownThaw", name, holder, thawId);
    return thaw;
  }

  private checkThawed(name: string, holder: string, thawId: number): void {
    const { endsAt } = this.foundThaw(name, holder, thawId);
    demand(this.clock.now >= endsAt, "StakingStillThawing", thawId, endsAt);
  }

  private endThaw(name: string, holder: string, thawId: number): bigint {
    const node = this.of(name);
    const thaw = this.foundThaw(name, holder, thawId);
    node.thawsOf(holder)[thawId] = undefined;
    const pool = node.thawing(holder);
    return pool.redeem(pool.sharesNow(thaw.shares, thaw.epoch));
  }
}

/** Bonded and thawing stake lose the same part; what does not divide is lost by the thawing. */
function split(bonded: bigint, thawing: bigint, amount: bigint): { fromBonded: bigint; fromThawing: bigint } {
  const total = bonded + thawing;
  if (total === 0n) return { fromBonded: 0n, fromThawing: 0n };
  const taken = min(amount, total);
  const fromThawing = (taken * thawing + total - 1n) / total;
  return { fromBonded: taken - fromThawing, fromThawing };
}

function slashOwn(node: NodeBooks, amount: bigint): bigint {
  const { fromBonded, fromThawing } = split(node.ownBonded, node.ownThawing.assets, amount);
  node.ownBonded -= fromBonded;
  node.ownThawing.slash(fromThawing);
  return fromBonded + fromThawing;
}

function slashDelegated(node: NodeBooks, amount: bigint): bigint {
  const { fromBonded, fromThawing } = split(node.delegated.assets, node.delegatedThawing.assets, amount);
  node.delegated.slash(fromBonded);
  node.delegatedThawing.slash(fromThawing);
  return fromBonded + fromThawing;
}
