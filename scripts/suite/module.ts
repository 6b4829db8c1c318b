/** Which modules belong on a network. */
import type { IgnitionModule } from "@nomicfoundation/ignition-core";

import ProtocolModule from "../../deploy/modules/Protocol.ts";
import TestnetModule from "../../deploy/modules/Testnet.ts";
import type { Suite } from "./suite.ts";

/** A faucet only where OPG is worth nothing, and where there are strangers who want some. */
export const moduleFor = ({ network }: Suite): IgnitionModule =>
  network.kind === "testnet" ? TestnetModule : ProtocolModule;
