/** The code of CreateX, as Ignition puts it on a chain of its own. */
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { CREATEX } from "../suite/ignite.ts";

const Any = buildModule("Any", (m) => ({ commitments: m.contract("ResultCommitments") }));

export async function createxCode(): Promise<string> {
  const { ethers, ignition } = await network.create();
  await ignition.deploy(Any, { strategy: "create2", strategyConfig: { salt: ZeroHash } });
  return ethers.provider.getCode(CREATEX);
}
