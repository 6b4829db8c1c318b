import { keccak256 } from "ethers";

import { mandatesDomain, signedOrderDigest } from "../../../packages/sdk/src/codecs/mandate.ts";
import {
  optimisticOrderSubject,
  packOptimisticOrder,
  type PackedOptimisticJob,
} from "../../../packages/sdk/src/codecs/optimisticJob.ts";
import type { Action, Actions } from "../actions.ts";
import type { Calls, Kind } from "../steps.ts";
import type { View, Views } from "../views.ts";
import { sign, type World } from "../World.ts";
import { inputOf } from "./SchedulesModel.ts";

type OrderKind = Extract<Kind, "allow" | "cancelNonce" | "requestOffer" | "requestFor" | "cancelOffer" | "expireOffer">;

type Placed = Pick<Calls["requestOffer"], "order" | "inputBytes">;

const packed = (job: PackedOptimisticJob) => [
  job.versionId,
  job.inputRoot,
  job.requester,
  job.node,
  job.callback,
  job.royalty,
  job.shape,
  job.rules,
];

/** What an account signs, so that somebody brings this to the market for one node. */
function digestOf(world: World, { order, inputBytes }: Placed, bounds: Calls["requestFor"]["bounds"]): string {
  const { chainId, address } = world.models.offers.constants;
  const subject = optimisticOrderSubject(packOptimisticOrder(order), keccak256(inputOf(inputBytes)));
  return signedOrderDigest(mandatesDomain(chainId, world.models.mandates.address), address, subject, bounds);
}

/** What a request can change; what it makes is the offer of its number. */
function requested(views: Views, world: World, number: number, account: string): View[] {
  const offer = world.offers.get(number);
  return [views.account(account, "optimistic"), ...(offer === undefined ? [] : [views.offer(offer)])];
}

const ending = (method: "cancel" | "expire"): Action<Calls["cancelOffer"]> => ({
  contract: "optimistic",
  method,
  args: (world, c) => [packed(world.offer(c.offer).packed)],
  run: (world, c, from) => {
    world.models.offers[method](from, world.offer(c.offer));
  },
  touched: (views, world, c) => requested(views, world, c.offer, world.offer(c.offer).order.requester),
});

/** What can be done on Mandates, and with orders at the market for one node. */
export const orderActions: Actions<OrderKind> = {
  allow: {
    contract: "mandates",
    method: "allow",
    args: (world, c) => [world.addresses[c.ledger], c.spender, c.cap],
    run: (world, c, from) => {
      world.models.mandates.allow(from, world.addresses[c.ledger], c.spender, c.cap);
    },
    touched: (views, _world, c, from) => [views.cap(c.ledger, from, c.spender)],
  },
  cancelNonce: {
    contract: "mandates",
    method: "cancelNonce",
    args: (_world, c) => [c.nonce],
    run: (world, c, from) => {
      world.models.mandates.cancelNonce(from, c.nonce);
    },
    touched: (views, _world, c, from) => [views.nonce(from, c.nonce)],
  },
  requestOffer: {
    contract: "optimistic",
    method: "request",
    args: (_world, c) => [packed(packOptimisticOrder(c.order)), inputOf(c.inputBytes)],
    run: (world, c, from) => {
      world.offers.set(c.offer, world.models.offers.request(from, c.order, c.inputBytes));
    },
    touched: (views, world, c, from) => [
      ...requested(views, world, c.offer, c.order.requester),
      views.cap("optimistic", c.order.requester, from),
    ],
  },
  requestFor: {
    contract: "optimistic",
    method: "requestFor",
    args: (world, c) => {
      const { mostCost, mostRepay, nonce, expiresAt } = c.bounds;
      const signature = sign(c.signer, digestOf(world, c.signed, c.bounds));
      const signed = [mostCost, mostRepay, nonce, expiresAt, signature];
      return [packed(packOptimisticOrder(c.order)), inputOf(c.inputBytes), signed, c.repay];
    },
    run: (world, c, from) => {
      const digest = digestOf(world, c, c.bounds);
      const signed = c.signer === c.order.requester && digest === digestOf(world, c.signed, c.bounds);
      const brought = { bounds: c.bounds, digest, signed };
      world.offers.set(c.offer, world.models.offers.requestFor(from, c.order, c.inputBytes, brought, c.repay));
    },
    touched: (views, world, c, from) => [
      ...requested(views, world, c.offer, c.order.requester),
      views.account(from, "optimistic"),
      views.nonce(c.order.requester, c.bounds.nonce),
    ],
  },
  cancelOffer: ending("cancel"),
  expireOffer: ending("expire"),
};
