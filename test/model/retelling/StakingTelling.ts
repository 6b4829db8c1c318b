import { ZeroAddress } from "ethers";

import type { NodeStaking } from "../../../typechain-types/index.ts";
import { entry } from "../NodeBooks.ts";
import type { View } from "../views.ts";
import { Entries } from "./Control.ts";
import { answer, type Hears, type Telling } from "./Telling.ts";
import type { TokenTelling } from "./TokenTelling.ts";
import { OWN, ToldNode } from "./ToldNode.ts";

/** Nodes, their keys, stake and locks. */
export class StakingTelling implements Telling {
  private readonly entries = new Entries("staking");
  private readonly nodes = new Map<string, ToldNode>();
  private readonly nodeOf = new Map<string, string>();
  private readonly nonces = new Map<string, bigint>();
  private parameters = { leastOwnStake: 0n, leastDelegation: 0n, delegationRatio: 0n, rotation: 0n, notice: 0n };
  readonly hears: Hears<NodeStaking> = {
    ...this.entries.hears,
    StakingParametersSet: ({ parameters: p }) => {
      const { leastOwnStake, leastDelegation, delegationRatio } = p;
      const [rotation, notice] = [p.signerRotationPeriod, p.commissionNoticePeriod];
      this.parameters = { leastOwnStake, leastDelegation, delegationRatio, rotation, notice };
    },
    NodeRegistered: ({ node: id, signer, ownStake, commissionBps, metadataURI }, { time }) => {
      const node = this.node(id);
      this.claim(id, signer);
      this.pull(id, ownStake);
      node.register(ownStake, commissionBps, metadataURI);
      this.refresh(node, time);
    },
    NodeMetadataSet: ({ node, metadataURI }) => {
      this.node(node).metadataURI = metadataURI;
    },
    NodeTransferProposed: ({ node, nextOwner }) => {
      this.node(node).nextOwner = nextOwner;
    },
    NodeTransferred: ({ node, to }) => {
      this.node(node).owner = to;
      this.node(node).nextOwner = ZeroAddress;
    },
    SignerProposed: ({ node: id, signer, effectiveAt }) => {
      const node = this.node(id);
      this.nodeOf.set(node.nextSigner, ZeroAddress);
      this.claim(id, signer);
      node.nextSigner = signer;
      node.nextSignerAt = effectiveAt;
    },
    SignerActivated: ({ node: id, signer }, { time }) => {
      const node = this.node(id);
      // The key that was announced takes the place, or else is dropped.
      if (signer !== node.nextSigner) this.nodeOf.set(node.nextSigner, ZeroAddress);
      this.nodeOf.set(node.signer, ZeroAddress);
      node.activate(signer, time);
    },
    CommissionProposed: ({ node: id, commissionBps, effectiveAt }, { time }) => {
      const node = this.node(id);
      node.commissionBps = node.commissionAt(time);
      node.nextCommissionBps = commissionBps;
      node.nextCommissionAt = effectiveAt;
    },
    OwnStakeAdded: ({ node: id, payer, amount }, { time }) => {
      this.pull(payer, amount);
      this.node(id).ownBonded += amount;
      this.refresh(this.node(id), time);
    },
    OwnStakeThawing: ({ node: id, thawId, amount, shares, endsAt }, { time }) => {
      const node = this.node(id);
      node.ownBonded -= amount;
      node.beginThaw(OWN, thawId, amount, shares, endsAt);
      this.refresh(node, time);
    },
    OwnStakeRebonded: ({ node: id, thawId, amount }, { time }) => {
      const node = this.node(id);
      node.endThaw(OWN, thawId, amount);
      node.ownBonded += amount;
      this.refresh(node, time);
    },
    OwnStakeWithdrawn: ({ node, thawId, amount }) => {
      this.node(node).endThaw(OWN, thawId, amount);
    },
    Delegated: ({ node: id, delegator, amount, shares }, { time }) => {
      this.pull(delegator, amount);
      this.node(id).join(delegator, amount, shares);
      this.refresh(this.node(id), time);
    },
    DelegationThawing: ({ node: id, delegator, thawId, amount, shares, thawShares, endsAt }, { time }) => {
      const node = this.node(id);
      node.join(delegator, -amount, -shares);
      node.beginThaw(delegator, thawId, amount, thawShares, endsAt);
      this.refresh(node, time);
    },
    DelegationRebonded: ({ node: id, delegator, thawId, amount, shares }, { time }) => {
      const node = this.node(id);
      node.endThaw(delegator, thawId, amount);
      node.join(delegator, amount, shares);
      this.refresh(node, time);
    },
    DelegationWithdrawn: ({ node, delegator, thawId, amount }) => {
      this.node(node).endThaw(delegator, thawId, amount);
    },
    ConsumerAuthorised: ({ node, consumer, cap }) => {
      this.node(node).caps.set(consumer, cap);
    },
    LockChanged: ({ node: id, consumer, obligation, amount, endsAt }, { time }) => {
      const node = this.node(id);
      node.locks.set(`${consumer} ${obligation}`, { consumer, obligation, amount, endsAt });
      this.refresh(node, time);
    },
    NodeSlashed: ({ node: id, own, ownThawing, delegated, delegatedThawing }, { time }) => {
      const node = this.node(id);
      node.ownBonded -= own - ownThawing;
      node.ownThawing.slash(ownThawing);
      // Delegated stake is untouched, and its shares are not counted anew, as long as own stake suffices.
      if (delegated > 0n) {
        node.delegated.slash(delegated - delegatedThawing);
        node.delegatedThawing.slash(delegatedThawing);
      }
      this.refresh(node, time);
    },
    NodeRewarded: ({ node: id, payer, commission, own, delegated }, { time }) => {
      const node = this.node(id);
      this.pull(payer, commission + own + delegated);
      node.earnings += commission;
      node.ownBonded += own;
      node.delegated.assets += delegated;
      this.refresh(node, time);
    },
    EarningsWithdrawn: ({ node, amount }) => {
      this.node(node).earnings -= amount;
    },
  };

  /** @param address Of the contract, which pulls what is staked. */
  constructor(
    private readonly token: TokenTelling,
    private readonly address: string,
  ) {}

  /** What backed a node then, as far as its standing says. */
  stakeAt(node: string, time: number): bigint {
    return this.nodes.get(node)?.stakeAt(time) ?? 0n;
  }

  answers(now: number): View[] {
    const p = this.parameters;
    const each = (method: string, values: ReadonlyMap<string, unknown>) =>
      [...values].map(([key, value]) => answer("staking", method, [key], value));
    return [
      ...this.entries.answers(),
      answer("staking", "parameters", [], Object.values(p)),
      ...each("nodeOf", this.nodeOf),
      ...each("nonces", this.nonces),
      ...[...this.nodes.values()].flatMap((node) => [
        ...node.answers(now),
        answer("staking", "backingOf", [node.id], node.backing(p.leastOwnStake, p.delegationRatio)),
      ]),
    ];
  }

  /** A lock of nobody's stake can be released, too. */
  private node(id: string): ToldNode {
    return entry(this.nodes, id, () => new ToldNode(id));
  }

  private claim(node: string, signer: string): void {
    this.nodeOf.set(signer, node);
    this.nonces.set(signer, entry(this.nonces, signer, () => 0n) + 1n);
  }

  private pull(payer: string, amount: bigint): void {
    this.token.pulled(payer, this.address, amount);
  }

  private refresh(node: ToldNode, time: number): void {
    const { leastOwnStake, delegationRatio } = this.parameters;
    node.stand(node.backing(leastOwnStake, delegationRatio), time);
  }
}
