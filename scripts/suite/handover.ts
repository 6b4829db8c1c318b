/** `suite handover`: control to the timelock, and nothing of it left with the deployer. */
import { getAddress, id, isAddress, Interface, ZeroAddress, ZeroHash, type Contract } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { GUARDIAN } from "../../deploy/modules/Guardian.ts";
import { approve } from "./approval.ts";
import { artifactsOf } from "./build.ts";
import { commandFor } from "./commands.ts";
import { asker, finder, type Ask, type Find } from "./contracts.ts";
import { readDeploymentFile, type DeploymentFile } from "./deploymentFile.ts";
import { EXIT, SuiteError, type Outcome } from "./outcome.ts";
import type { Work } from "./progress.ts";
import type { Replay } from "./replay.ts";
import { ADMIN, readable, roleKeepers, rolesOf, type Facts } from "./roles.ts";
import { reader, signer, suiteTask, type CommonArguments, type Suite } from "./suite.ts";
import { walletsOf } from "./wallets.ts";

interface Arguments extends CommonArguments {
  readonly guardian: string;
  readonly votesTo: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

const Wallet = new Interface(["function transferOwnership(address newOwner)"]);

interface Step {
  readonly says: string;
  readonly to: string;
  readonly data: string;
}

export default suiteTask<Arguments>(async (suite, { guardian, votesTo, yes, dryRun }) => {
  for (const [option, account] of [
    ["--guardian", guardian],
    ["--votes-to", votesTo],
  ] as const) {
    if (account === "" || (isAddress(account) && getAddress(account) !== ZeroAddress)) continue;
    throw new SuiteError(
      `${JSON.stringify(account)} is nobody's address`,
      `${option} with one, or without`,
      EXIT.wrongUse,
    );
  }
  const file = readDeploymentFile(suite);
  const live = await reader(suite);
  const sources = { artifacts: await artifactsOf(suite.hre, [...new Set(file.steps.map(({ contract }) => contract))]) };
  const find = await finder(suite.hre, live, file);
  await checkTimelock(asker(find), file);
  const steps = await stepsOf(find, file, guardian, votesTo);
  const before = await rolesNow(live, file, sources);
  const name = (text: string) => readable(text, file, sources);
  if (steps.length === 0) return outcome(EXIT.nothingToDo, steps, name, before);
  if (dryRun) return outcome(EXIT.done, steps, name, before);

  await approve(
    suite,
    yes,
    `hand over ${suite.deployment}, for good: ${steps.map(({ says }) => name(says)).join("; ")}`,
  );
  const { connection, address } = await signer(suite);
  if (address !== file.deployer) {
    throw new SuiteError(
      `${address} is not who has deployed it, ${file.deployer}`,
      "Set DEPLOYER_KEY to that account's key",
    );
  }
  await suite.during(`hands over ${suite.deployment}`, steps.length, async (tell) => {
    for (const step of steps) await send(suite, connection, address, step, tell);
  });
  return outcome(EXIT.done, steps, name, before, await rolesNow(live, file, sources));
});

function outcome(
  exitCode: Outcome["exitCode"],
  steps: readonly Step[],
  name: (text: string) => string,
  before: Facts,
  after?: Facts,
): Outcome {
  const list = (facts: Facts) => [...facts].map(([subject, fact]) => `    ${name(`${subject} ${fact}`)}`);
  const done = steps.map(({ says }) => `    ${name(says)}`);
  const text = [
    "  before",
    ...list(before),
    ...(steps.length === 0
      ? ["  Nothing to do: it is handed over."]
      : [after === undefined ? "  would be sent" : "  sent", ...done]),
    ...(after === undefined ? [] : ["  after", ...list(after)]),
  ].join("\n");
  const report = { steps, before: Object.fromEntries(before), after: after && Object.fromEntries(after) };
  return { exitCode, report, text };
}

async function rolesNow(
  live: NetworkConnection,
  file: DeploymentFile,
  sources: Pick<Replay, "artifacts">,
): Promise<Facts> {
  const head = await live.ethers.provider.getBlockNumber();
  return rolesOf(live, roleKeepers(file, sources), sources, file.startBlock, head);
}

/** Whoever gets control must be able to use it: what is handed to a timelock that nobody can schedule in is lost. */
export async function checkTimelock(ask: Ask, file: DeploymentFile): Promise<void> {
  const { addresses, deployer } = file;
  const { timelock = "", governor = "" } = addresses;
  const wanted = [
    ["the governor proposes", true, await ask("timelock", "hasRole", id("PROPOSER_ROLE"), governor)],
    ["the governor cancels", true, await ask("timelock", "hasRole", id("CANCELLER_ROLE"), governor)],
    ["anyone executes", true, await ask("timelock", "hasRole", id("EXECUTOR_ROLE"), ZeroAddress)],
    ["the timelock administers itself", true, await ask("timelock", "hasRole", ZeroHash, timelock)],
    ["the deployer does not administer it", false, await ask("timelock", "hasRole", ZeroHash, deployer)],
    ["the deployer does not propose", false, await ask("timelock", "hasRole", id("PROPOSER_ROLE"), deployer)],
    ["the governor knows it", timelock, await ask("governor", "timelock")],
  ] as const;
  const wrong = wanted.filter(([, expected, is]) => expected !== is).map(([what]) => what);
  if (wrong.length === 0) return;
  throw new SuiteError(
    `Control would be lost, for it is not true of the timelock ${timelock} that ${wrong.join(", that ")}`,
    `${commandFor(file, "check")} names what differs; deploy finishes what was not done`,
  );
}

/** What is left to do; everything that is done already is left out, so that it can be stopped anywhere. */
export async function stepsOf(find: Find, file: DeploymentFile, guardian: string, votesTo: string): Promise<Step[]> {
  return [
    ...(await votesSteps(find, file, checksummed(votesTo))),
    ...(await roleSteps(find, file, checksummed(guardian))),
  ];
}

/** As the file writes addresses, with which it is compared. */
const checksummed = (account: string): string => (account === "" ? account : getAddress(account));

/** The deployer's votes first: they cannot be taken from nobody. */
async function votesSteps(find: Find, { deployer, addresses }: DeploymentFile, votesTo: string): Promise<Step[]> {
  const ask = asker(find);
  const balance = (await ask("token", "balanceOf", deployer)) as bigint;
  const wallets = await walletsOf(find, deployer);
  if (balance === 0n && wallets.length === 0) return [];
  // None of the suite's contracts can vote, and none gives back what is sent to it.
  if (["", deployer, ...Object.values(addresses), ...wallets].includes(votesTo)) {
    throw new SuiteError(
      `The deployer ${deployer} holds ${balance / 10n ** 18n} OPG, and its part is in ${wallets.length} vesting wallets as well: without anybody's votes nothing could be decided any more`,
      "--votes-to with the account that is to vote with them, neither the deployer nor a contract of the suite",
      EXIT.wrongUse,
    );
  }
  const transfer = stepTo(find("token"), "transfer", [votesTo, balance], `${balance / 10n ** 18n} OPG to ${votesTo}`);
  return [
    ...(balance === 0n ? [] : [transfer]),
    ...wallets.map((wallet) => ({
      says: `vesting wallet ${wallet} to ${votesTo}`,
      to: wallet,
      data: Wallet.encodeFunctionData("transferOwnership", [votesTo]),
    })),
  ];
}

/** All roles in one transaction: there is no moment in which nobody, or somebody else, has control. */
async function roleSteps(find: Find, { deployer, addresses }: DeploymentFile, guardian: string): Promise<Step[]> {
  const access = find("access");
  const isMember = async (role: bigint, account: string) =>
    (await asker(find)("access", "hasRole", role, account)) === true;
  if (guardian === deployer) {
    throw new SuiteError(
      `The deployer ${deployer} would stay guardian, and must keep nothing`,
      "--guardian with another account, or without",
      EXIT.wrongUse,
    );
  }
  const { timelock = "" } = addresses;
  const isAdmin = await isMember(ADMIN, deployer);
  const calls = [
    ...((await isMember(ADMIN, timelock)) ? [] : [["grantRole", ADMIN, timelock, 0] as const]),
    ...(guardian === "" || (await isMember(GUARDIAN, guardian)) ? [] : [["grantRole", GUARDIAN, guardian, 0] as const]),
    ...((await isMember(GUARDIAN, deployer)) ? [["renounceRole", GUARDIAN, deployer] as const] : []),
    ...(isAdmin ? [["renounceRole", ADMIN, deployer] as const] : []),
  ];
  if (calls.length === 0) return [];
  if (!isAdmin && calls.some(([method]) => method === "grantRole")) {
    throw new SuiteError(`${deployer} is no longer admin, and cannot grant anything`, "A vote can: propose it");
  }
  const encoded = calls.map(([method, ...args]) => access.interface.encodeFunctionData(method, args));
  const says = calls.map(([method, role, account]) => `${method} role ${role} ${account}`).join(", ");
  return [stepTo(access, "multicall", [encoded], says)];
}

const stepTo = (contract: Contract, method: string, args: readonly unknown[], says: string): Step => ({
  says,
  to: contract.target as string,
  data: contract.interface.encodeFunctionData(method, args),
});

async function send(
  { network }: Suite,
  { ethers }: NetworkConnection,
  from: string,
  { says, to, data }: Step,
  tell: Work,
): Promise<void> {
  const account = await ethers.getSigner(from);
  const sent = await account.sendTransaction({ to, data });
  tell.say(`sent       ${says}  ${sent.hash}`);
  const receipt = await sent.wait(network.confirmations);
  if (receipt?.status !== 1)
    throw new SuiteError(`${sent.hash} has failed: ${says}`, "Run it again: what is done stays done");
  tell.say(`confirmed  ${says}  ${sent.hash}`);
  tell.step();
}
