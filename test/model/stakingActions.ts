import type { Actions } from "./actions.ts";
import { OWN } from "./StakingModel.ts";
import type { Kind } from "./steps.ts";
import type { View, Views } from "./views.ts";
import type { World } from "./World.ts";

type StakingKind = Extract<
  Kind,
  | "register"
  | "proposeOwner"
  | "acceptOwnership"
  | "proposeSigner"
  | "activateSigner"
  | "revokeSigner"
  | "proposeCommission"
  | "stake"
  | "thaw"
  | "cancelThaw"
  | "withdrawStake"
  | "delegate"
  | "undelegate"
  | "cancelUndelegate"
  | "withdrawDelegation"
  | "authorise"
  | "lock"
  | "unlock"
  | "release"
  | "slash"
  | "reward"
  | "withdrawEarnings"
>;

const contract = "staking" as const;
/** What a move of tokens between a caller and a node changes. */
const paid = (views: Views, node: string, from: string) => [
  ...views.node(node),
  views.balance(from),
  ...views.holdings(),
];
const lastThaw = (views: Views, world: World, node: string, holder: string): View =>
  views.thaw(node, holder, Math.max(0, world.staking.of(node).thawsOf(holder).length - 1));

/** What can be done on NodeStaking. */
export const stakingActions: Actions<StakingKind> = {
  register: {
    contract,
    method: "register",
    args: (world, c) => [c.ownStake, c.signer, world.consent(c.signer, c.consentFor), c.commissionBps, ""],
    run: (world, c, from) => {
      world.staking.register(from, c.ownStake, c.signer, c.consentFor === from, c.commissionBps);
    },
    touched: (views, _world, _c, from) => [...paid(views, from, from), ...views.operators(from)],
  },
  proposeOwner: {
    contract,
    method: "proposeOwner",
    args: (_world, c) => [c.node, c.nextOwner],
    run: (world, c, from) => {
      world.staking.proposeOwner(from, c.node, c.nextOwner);
    },
    touched: (views, _world, c) => views.operators(c.node),
  },
  acceptOwnership: {
    contract,
    method: "acceptOwnership",
    args: (_world, c) => [c.node],
    run: (world, c, from) => {
      world.staking.acceptOwnership(from, c.node);
    },
    touched: (views, _world, c) => views.operators(c.node),
  },
  proposeSigner: {
    contract,
    method: "proposeSigner",
    args: (world, c) => [c.node, c.signer, world.consent(c.signer, c.consentFor)],
    run: (world, c, from) => {
      world.staking.proposeSigner(from, c.node, c.signer, c.consentFor === c.node);
    },
    touched: (views, _world, c) => views.operators(c.node),
  },
  activateSigner: {
    contract,
    method: "activateSigner",
    args: (_world, c) => [c.node],
    run: (world, c, from) => {
      world.staking.activateSigner(from, c.node);
    },
    touched: (views, _world, c) => views.operators(c.node),
  },
  revokeSigner: {
    contract,
    method: "revokeSigner",
    args: (_world, c) => [c.node],
    run: (world, c, from) => {
      world.staking.revokeSigner(from, c.node);
    },
    touched: (views, _world, c) => views.operators(c.node),
  },
  proposeCommission: {
    contract,
    method: "proposeCommission",
    args: (_world, c) => [c.node, c.commissionBps],
    run: (world, c, from) => {
      world.staking.proposeCommission(from, c.node, c.commissionBps);
    },
    touched: (views, _world, c) => views.node(c.node),
  },
  stake: {
    contract,
    method: "stake",
    args: (_world, c) => [c.node, c.amount],
    run: (world, c, from) => {
      world.staking.stake(from, c.node, c.amount);
    },
    touched: (views, _world, c, from) => paid(views, c.node, from),
  },
  thaw: {
    contract,
    method: "thaw",
    args: (_world, c) => [c.node, c.amount],
    run: (world, c, from) => {
      world.staking.thaw(from, c.node, c.amount);
    },
    touched: (views, world, c) => [...views.node(c.node), lastThaw(views, world, c.node, OWN)],
  },
  cancelThaw: {
    contract,
    method: "cancelThaw",
    args: (_world, c) => [c.node, c.thawId],
    run: (world, c, from) => {
      world.staking.cancelThaw(from, c.node, c.thawId);
    },
    touched: (views, _world, c) => [...views.node(c.node), views.thaw(c.node, OWN, c.thawId)],
  },
  withdrawStake: {
    contract,
    method: "withdraw",
    args: (_world, c) => [c.node, c.thawId],
    run: (world, c, from) => {
      world.staking.withdraw(from, c.node, c.thawId);
    },
    touched: (views, _world, c, from) => [...paid(views, c.node, from), views.thaw(c.node, OWN, c.thawId)],
  },
  delegate: {
    contract,
    method: "delegate",
    args: (_world, c) => [c.node, c.amount, c.leastShares],
    run: (world, c, from) => {
      world.staking.delegate(from, c.node, c.amount, c.leastShares);
    },
    touched: (views, _world, c, from) => [...paid(views, c.node, from), views.delegation(c.node, from)],
  },
  undelegate: {
    contract,
    method: "undelegate",
    args: (_world, c) => [c.node, c.shares, c.leastAmount],
    run: (world, c, from) => {
      world.staking.undelegate(from, c.node, c.shares, c.leastAmount);
    },
    touched: (views, world, c, from) => [
      ...views.node(c.node),
      views.delegation(c.node, from),
      lastThaw(views, world, c.node, from),
    ],
  },
  cancelUndelegate: {
    contract,
    method: "cancelUndelegate",
    args: (_world, c) => [c.node, c.thawId, c.leastShares],
    run: (world, c, from) => {
      world.staking.cancelUndelegate(from, c.node, c.thawId, c.leastShares);
    },
    touched: (views, _world, c, from) => [
      ...views.node(c.node),
      views.delegation(c.node, from),
      views.thaw(c.node, from, c.thawId),
    ],
  },
  withdrawDelegation: {
    contract,
    method: "withdrawDelegation",
    args: (_world, c) => [c.node, c.thawId],
    run: (world, c, from) => {
      world.staking.withdrawDelegation(from, c.node, c.thawId);
    },
    touched: (views, _world, c, from) => [...paid(views, c.node, from), views.thaw(c.node, from, c.thawId)],
  },
  authorise: {
    contract,
    method: "authorise",
    args: (_world, c) => [c.node, c.consumer, c.cap],
    run: (world, c, from) => {
      world.staking.authorise(from, c.node, c.consumer, c.cap);
    },
    touched: (views, world, c) => views.lock(c.node, c.consumer, world.versions[0]),
  },
  lock: {
    contract,
    method: "lock",
    args: (_world, c) => [c.node, c.obligation, c.amount, c.endsAt],
    run: (world, c, from) => {
      world.staking.lock(from, c.node, c.obligation, c.amount, c.endsAt);
    },
    touched: (views, _world, c, from) => [...views.node(c.node), ...views.lock(c.node, from, c.obligation)],
  },
  unlock: {
    contract,
    method: "unlock",
    args: (_world, c) => [c.node, c.obligation, c.amount],
    run: (world, c, from) => {
      world.staking.unlock(from, c.node, c.obligation, c.amount);
    },
    touched: (views, _world, c, from) => [...views.node(c.node), ...views.lock(c.node, from, c.obligation)],
  },
  release: {
    contract,
    method: "release",
    args: (_world, c) => [c.node, c.consumer, c.obligation],
    run: (world, c, from) => {
      world.staking.release(from, c.node, c.consumer, c.obligation);
    },
    touched: (views, _world, c) => [...views.node(c.node), ...views.lock(c.node, c.consumer, c.obligation)],
  },
  slash: {
    contract,
    method: "slash",
    args: (_world, c) => [c.node, c.obligation, c.requested, c.harm, c.compensation],
    run: (world, c, from) => {
      world.staking.slash(from, c.node, c.obligation, c.requested, c.harm, c.compensation);
    },
    touched: (views, _world, c, from) => [
      ...paid(views, c.node, from),
      ...views.lock(c.node, from, c.obligation),
      views.supply(),
    ],
  },
  reward: {
    contract,
    method: "reward",
    args: (_world, c) => [c.node, c.amount],
    run: (world, c, from) => {
      world.staking.reward(from, c.node, c.amount);
    },
    touched: (views, _world, c, from) => paid(views, c.node, from),
  },
  withdrawEarnings: {
    contract,
    method: "withdrawEarnings",
    args: (_world, c) => [c.node],
    run: (world, c, from) => {
      world.staking.withdrawEarnings(from, c.node);
    },
    touched: (views, _world, c, from) => paid(views, c.node, from),
  },
};
