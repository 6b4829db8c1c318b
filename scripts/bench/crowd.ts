import { id, parseEther, toBeHex, Wallet } from "ethers";

import type { Operator } from "../../test/support/actors.ts";
import { LOCK_PERIOD, MAX_LOCK, OWN_STAKE, signConsent, type Served } from "../../test/support/fixtures.ts";
import { ethers, time } from "../../test/support/network.ts";

/** Enough for each, and given, because to estimate it takes as long as the transaction. */
const GAS = toBeHex(1_000_000);

const rpc = (method: string, ...params: readonly unknown[]) => ethers.provider.send(method, [...params]);
const send = (from: string, to: string, data: string) => rpc("eth_sendTransaction", { from, to, data, gas: GAS });

/**
 * Registers, stakes, authorises and serves, for nodes far beyond the accounts of the chain: each with a key, transactions
 * and a block of its own, a second after the one before. Sent below ethers, which would take minutes.
 */
export async function serveCrowd(suite: Served, count: number): Promise<readonly Operator[]> {
  const { token, staking, market, deployer, version } = suite;
  const [tokenAddress, stakingAddress, marketAddress] = await Promise.all([
    token.getAddress(),
    staking.getAddress(),
    market.getAddress(),
  ]);
  const start = await time.latest();
  const endsAt = BigInt(start) + LOCK_PERIOD;
  const approval = token.interface.encodeFunctionData("approve", [stakingAddress, OWN_STAKE]);
  const authorise = (node: string) =>
    staking.interface.encodeFunctionData("authorise", [node, marketAddress, OWN_STAKE]);
  const transfer = (node: string) => token.interface.encodeFunctionData("transfer", [node, OWN_STAKE]);
  const register = (node: string, consent: string) =>
    staking.interface.encodeFunctionData("register", [OWN_STAKE, node, consent, 1_000n, "https://node.example"]);
  const serve = (node: string) =>
    market.interface.encodeFunctionData("serve", [node, version, OWN_STAKE, MAX_LOCK, endsAt]);

  const operators: Operator[] = [];
  await rpc("evm_setAutomine", false);
  for (let i = 0; i < count; i++) {
    const key = new Wallet(id(`node ${i}`));
    const node = key.address;
    const consent = await signConsent(suite, node, { signer: key });
    const signer = await ethers.getImpersonatedSigner(node);
    await rpc("hardhat_setBalance", node, toBeHex(parseEther("1")));
    await send(deployer.address, tokenAddress, transfer(node));
    await send(node, tokenAddress, approval);
    await send(node, stakingAddress, register(node, consent));
    await send(node, stakingAddress, authorise(node));
    await send(node, marketAddress, serve(node));
    await rpc("evm_setNextBlockTimestamp", toBeHex(start + 1 + i));
    await rpc("evm_mine");
    operators.push({ owner: signer, signer, node });
  }
  await rpc("evm_setAutomine", true);
  return operators;
}
