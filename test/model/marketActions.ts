import { hexlify } from "ethers";

import { packOrder, type PackedJob } from "../../packages/sdk/src/codecs/job.ts";
import type { Action, Actions } from "./actions.ts";
import type { JobModel } from "./JobModel.ts";
import type { Calls, Kind } from "./steps.ts";
import type { View, Views } from "./views.ts";
import { OUTPUTS, rootOf, saltOf, type World } from "./World.ts";

type MarketKind = Extract<
  Kind,
  | "deposit"
  | "withdraw"
  | "collectFees"
  | "request"
  | "cancel"
  | "commit"
  | "advance"
  | "settle"
  | "expire"
  | "revealAndSettle"
  | "deliver"
  | "reclaimTip"
  | "serve"
  | "unserve"
  | "refreshServing"
  | "claim"
  | "reveal"
  | "donate"
  | "setRefuses"
>;

const contract = "market" as const;

const packed = (job: PackedJob) => [
  job.versionId,
  job.inputRoot,
  job.requester,
  job.callback,
  job.royalty,
  job.shape,
  job.rules,
];

/** What the end of a job can change. */
function ended(views: Views, job: JobModel): View[] {
  const { requester, royaltyPayee, versionId } = job.terms;
  return [
    views.job(job),
    views.account(requester),
    views.account(royaltyPayee),
    ...job.seats.map((node) => views.serving(node, versionId)),
    ...job.seats.flatMap((node) => views.node(node).slice(0, 2)),
    ...views.holdings(),
    views.supply(),
  ];
}

const withSeats = (method: "settle" | "expire"): Action<Calls["settle"]> => ({
  contract,
  method,
  args: (world, c) => [packed(world.job(c.job).packed), world.seats(world.job(c.job), c.fault)],
  run: (world, c, from) => {
    world.market[method](from, world.job(c.job), world.seats(world.job(c.job), c.fault));
  },
  touched: (views, world, c) => ended(views, world.job(c.job)),
});

/** What can be done on the market and its rounds. */
export const marketActions: Actions<MarketKind> = {
  deposit: {
    contract,
    method: "deposit",
    args: (_world, c) => [c.account, c.amount],
    run: (world, c, from) => {
      world.market.deposit(from, c.account, c.amount);
    },
    touched: (views, _world, c, from) => [views.account(c.account), views.balance(from), ...views.holdings()],
  },
  withdraw: {
    contract,
    method: "withdraw",
    args: (_world, c) => [c.to, c.amount],
    run: (world, c, from) => {
      world.market.withdraw(from, c.to, c.amount);
    },
    touched: (views, _world, c, from) => [views.account(from), views.balance(c.to), ...views.holdings()],
  },
  collectFees: {
    contract,
    method: "collectFees",
    args: (_world, c) => [c.accounts],
    run: (world, c, from) => {
      world.market.collectFees(from, c.accounts);
    },
    touched: (views, world, c) => [
      ...c.accounts.map((account) => views.account(account)),
      views.balance(world.market.treasury),
      ...views.holdings(),
    ],
  },
  request: {
    contract,
    method: "request",
    args: (_world, c) => [packed(packOrder(c.order)), new Uint8Array(c.inputBytes).fill(0x2e)],
    run: (world, c, from) => {
      world.jobs.set(c.job, world.market.request(from, c.order, c.inputBytes));
    },
    touched: (views, world, c) => {
      const job = world.jobs.get(c.job);
      return [views.account(c.order.requester), ...(job === undefined ? [] : [views.job(job)])];
    },
  },
  cancel: {
    contract,
    method: "cancel",
    args: (world, c) => [packed(world.job(c.job).packed)],
    run: (world, c, from) => {
      world.market.cancel(from, world.job(c.job));
    },
    touched: (views, world, c) => ended(views, world.job(c.job)),
  },
  commit: {
    contract,
    method: "commit",
    args: (world, c) => [packed(world.job(c.job).packed), c.node, commitmentOf(world, c)],
    run: (world, c, from) => {
      world.market.commit(from, world.job(c.job), c.node, commitmentOf(world, c));
    },
    touched: (views, world, c) => {
      const job = world.job(c.job);
      return [
        views.job(job),
        views.round(job.round),
        views.entry(job.round, c.node),
        views.serving(c.node, job.terms.versionId),
      ];
    },
  },
  advance: {
    contract,
    method: "advance",
    args: (world, c) => [packed(world.job(c.job).packed), world.seats(world.job(c.job), c.fault)],
    run: (world, c, from) => {
      world.market.advance(from, world.job(c.job), world.seats(world.job(c.job), c.fault));
    },
    touched: (views, world, c) => [views.job(world.job(c.job))],
  },
  settle: withSeats("settle"),
  expire: withSeats("expire"),
  revealAndSettle: {
    contract,
    method: "revealAndSettle",
    args: (world, c) => {
      const job = world.job(c.job);
      const seats = world.seats(job, c.fault);
      return [packed(job.packed), c.node, rootOf(c.output), saltOf(job, c.node), seats];
    },
    run: (world, c, from) => {
      const job = world.job(c.job);
      const seats = world.seats(job, c.fault);
      world.market.revealAndSettle(from, job, c.node, rootOf(c.output), saltOf(job, c.node), seats);
    },
    touched: (views, world, c) => {
      const job = world.job(c.job);
      return [...ended(views, job), ...job.rounds.flatMap((round) => [views.round(round), views.entry(round, c.node)])];
    },
  },
  deliver: {
    contract,
    method: "deliver",
    args: (world, c) => {
      const { fault, payload } = outputOf(c.output);
      return [packed(world.job(c.job).packed), fault, hexlify(payload)];
    },
    run: (world, c, from) => {
      world.market.deliver(from, world.job(c.job), outputOf(c.output).root);
    },
    touched: (views, world, c, from) => [views.job(world.job(c.job)), views.account(from)],
  },
  reclaimTip: {
    contract,
    method: "reclaimTip",
    args: (world, c) => [packed(world.job(c.job).packed)],
    run: (world, c, from) => {
      world.market.reclaimTip(from, world.job(c.job));
    },
    touched: (views, world, c) => [views.job(world.job(c.job)), views.account(world.job(c.job).terms.requester)],
  },
  serve: {
    contract,
    method: "serve",
    args: (_world, c) => [c.node, c.version, c.weight, c.maxLock, c.endsAt],
    run: (world, c, from) => {
      world.market.serve(from, c.node, c.version, c.weight, c.maxLock, c.endsAt);
    },
    touched: (views, world, c) => served(views, world, c.node, c.version),
  },
  unserve: {
    contract,
    method: "unserve",
    args: (_world, c) => [c.node, c.version],
    run: (world, c, from) => {
      world.market.unserve(from, c.node, c.version);
    },
    touched: (views, world, c) => served(views, world, c.node, c.version),
  },
  refreshServing: {
    contract,
    method: "refreshServing",
    args: (_world, c) => [c.node, c.version],
    run: (world, c, from) => {
      world.market.refreshServing(from, c.node, c.version);
    },
    touched: (views, world, c) => served(views, world, c.node, c.version),
  },
  claim: {
    contract,
    method: "claim",
    args: (_world, c) => [c.node, c.version],
    run: (world, c, from) => {
      world.market.claim(from, c.node, c.version);
    },
    touched: (views, _world, c) => [views.serving(c.node, c.version), ...views.node(c.node), ...views.holdings()],
  },
  reveal: {
    contract: "commitments",
    method: "reveal",
    args: (world, c) => {
      const job = world.job(c.job);
      return [job.rounds[c.attempt]?.id ?? "", c.node, rootOf(c.output), saltOf(job, c.node)];
    },
    run: (world, c, from) => {
      const job = world.job(c.job);
      world.market.reveal(from, job, c.attempt, c.node, rootOf(c.output), saltOf(job, c.node));
    },
    touched: (views, world, c) => {
      const round = world.job(c.job).rounds[c.attempt];
      return round === undefined ? [] : [views.round(round), views.entry(round, c.node)];
    },
  },
  donate: {
    contract: "token",
    method: "transfer",
    args: (_world, c) => [c.to, c.amount],
    run: (world, c, from) => {
      world.donate(from, c.to, c.amount);
    },
    touched: (views, _world, _c, from) => [views.balance(from), ...views.holdings()],
  },
  setRefuses: {
    contract: "recorder",
    method: "setRefuses",
    args: (_world, c) => [c.refuses],
    run: (world, c) => {
      world.refuses = c.refuses;
    },
    touched: () => [],
  },
};

const served = (views: Views, world: World, node: string, version: string) => [
  views.serving(node, version),
  views.weights(node, version, world.clock.now),
  ...views.node(node).slice(2, 4),
  ...views.lock(node, world.market.constants.address, version),
];

function commitmentOf(world: World, call: { job: number; node: string; output: number; blank: boolean }): string {
  return call.blank ? `0x${"0".repeat(64)}` : world.commitment(world.job(call.job), call.node, call.output);
}

function outputOf(output: number) {
  const found = OUTPUTS[output];
  if (found === undefined) throw new Error(`No output ${output}`);
  return found;
}
