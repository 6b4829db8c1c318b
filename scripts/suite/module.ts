/** Which modules belong on a network, and of which steps they consist. */
import {
  isDeploymentFuture,
  isFunctionCallFuture,
  isNamedStaticCallFuture,
  type Future,
  type IgnitionModule,
} from "@nomicfoundation/ignition-core";

import ProtocolModule from "../../deploy/modules/Protocol.ts";
import TestnetModule from "../../deploy/modules/Testnet.ts";
import type { Suite } from "./suite.ts";

/** A faucet only where OPG is worth nothing. */
export const moduleFor = ({ network }: Suite): IgnitionModule =>
  network.kind === "mainnet" ? ProtocolModule : TestnetModule;

/** All steps of a module and of those that it uses, each once. */
export function futuresOf(module: IgnitionModule): ReadonlySet<Future> {
  return new Set([...module.futures, ...[...module.submodules].flatMap((used) => [...futuresOf(used)])]);
}

/** The steps that are transactions; the others only read. */
export const transactionsOf = (module: IgnitionModule): readonly Future[] =>
  [...futuresOf(module)].filter(
    (future) => isDeploymentFuture(future) || (isFunctionCallFuture(future) && !isNamedStaticCallFuture(future)),
  );
