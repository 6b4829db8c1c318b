/** `suite faucet`: OPG of a test network for an account. */
import { formatEther, isAddress, type Interface } from "ethers";
import { z } from "zod";

import { asker, finder } from "./contracts.ts";
import { readDeploymentFile } from "./deploymentFile.ts";
import { EXIT, SuiteError } from "./outcome.ts";
import { reader, signer, suiteTask, type CommonArguments } from "./suite.ts";

interface Arguments extends CommonArguments {
  readonly to: string;
  readonly dryRun: boolean;
}

const Reverted = z.object({ data: z.string() });

export default suiteTask<Arguments>(async (suite, { to, dryRun }) => {
  if (!isAddress(to))
    throw new SuiteError(`${JSON.stringify(to)} is no address`, "--to with the account that gets it", EXIT.wrongUse);
  const file = readDeploymentFile(suite);
  const live = await reader(suite);
  const find = await finder(suite.hre, live, file);
  const faucet = find("faucet");
  const drip = (await asker(find)("faucet", "DRIP")) as bigint;
  await faucet
    .getFunction("drip")
    .staticCall(to)
    .catch((error: unknown) => {
      throw refusal(error, faucet.interface);
    });
  const amount = `${formatEther(drip)} OPG`;
  const report = { to, amount: drip, faucet: file.addresses["faucet"] };
  if (dryRun) return { exitCode: EXIT.done, report, text: `  ${to} would get ${amount}; nothing was sent.` };
  const { connection, address } = await signer(suite);
  const account = await connection.ethers.getSigner(address);
  const sent = await account.sendTransaction({
    to: faucet.target,
    data: faucet.interface.encodeFunctionData("drip", [to]),
  });
  const receipt = await sent.wait(suite.network.confirmations);
  if (receipt?.status !== 1) throw new SuiteError(`${sent.hash} has failed`, "Run it again");
  return {
    exitCode: EXIT.done,
    report: { ...report, transaction: sent.hash },
    text: `  ${to} got ${amount}: ${sent.hash}`,
  };
});

/** The faucet's own words, with the time as people read it. */
function refusal(error: unknown, abi: Interface): unknown {
  const parsed = Reverted.safeParse(error);
  const reason = parsed.success ? abi.parseError(parsed.data.data) : null;
  const nextAt: unknown = reason?.args.at(-1);
  if (reason === null || typeof nextAt !== "bigint") return error;
  const why = reason.name === "FaucetDry" ? "Today's OPG for all is given" : "This account has had its part";
  const when = new Date(Number(nextAt) * 1_000).toISOString();
  return new SuiteError(`${why}: ${reason.name}(${reason.args.join(", ")})`, `Ask again at ${when}`);
}
