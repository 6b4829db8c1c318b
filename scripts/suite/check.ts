/** `suite check`: the live chain against the file and the sources. Any difference is named, and fails. */
import { formatEther, Interface, keccak256, type TransactionReceipt } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { GUARDIAN } from "../../deploy/modules/Guardian.ts";
import { buildForDeployment, checkedCompiler, codeHashes, describe } from "./build.ts";
import { commandFor } from "./commands.ts";
import { asker, finder, type Find } from "./contracts.ts";
import { isContract, readDeploymentFile, type ContractStep, type DeploymentFile } from "./deploymentFile.ts";
import { eventsOf } from "./logs.ts";
import { exitCodeOf, findingsText, type Finding } from "./outcome.ts";
import { changesOf } from "./parameters.ts";
import { replay, type Replay } from "./replay.ts";
import { ADMIN, afterHandover, deniedMembers, readable, roleKeepers, rolesOf } from "./roles.ts";
import { reader, suiteTask, type CommonArguments, type Suite } from "./suite.ts";
import { walletsOf } from "./wallets.ts";

interface Arguments extends CommonArguments {
  readonly noCompile: boolean;
  readonly handedOver: boolean;
}

/** Views that move with use, or with the chain, so that they tell nothing of a deployment. */
const VOLATILE: ReadonlySet<string> = new Set([
  "clock", // the time
  "totalSupply", // less with everything that is burned
  "forfeited", // bonds to be burned
  "bond", // follows the price of gas; what it is made of is in `governed`
  "pausedUntil", // a guardian may pause; status says so
]);
/** Reads at a time: public nodes refuse more. */
const AT_ONCE = 8;

export default suiteTask<Arguments>(async (suite, { noCompile, handedOver }) => {
  const file = readDeploymentFile(suite);
  if (!noCompile) await buildForDeployment(suite);
  const live = await reader(suite);
  const replayed = await replay(suite, live, file);
  const findings = [
    await sourcesFinding(suite, file, replayed),
    ...(await findingsOf(suite, live, file, replayed, handedOver)),
  ];
  const failed = findings.filter(({ level }) => level === "FAIL");
  return {
    exitCode: exitCodeOf(findings),
    report: { network: suite.network.name, deployment: suite.deployment, findings },
    text: `${findingsText(findings)}\n  ${failed.length === 0 ? "The chain is as the file says." : `${failed.length} of ${findings.length} differ.`}`,
  };
});

/** What the chain itself has, against what it must have. */
export async function findingsOf(
  suite: Suite,
  live: NetworkConnection,
  file: DeploymentFile,
  replayed: Replay,
  handedOver: boolean,
): Promise<Finding[]> {
  const head = await live.ethers.provider.getBlockNumber();
  const find = await finder(suite.hre, live, file);
  const contracts = file.steps.filter(isContract);
  const checks = [
    ...contracts.map((step) => () => codeFinding(live, replayed, step)),
    ...contracts.map((step) => () => viewsFinding(live, replayed, step)),
    () => eventsFinding(live, file, replayed),
    () => rolesFinding(live, file, replayed, head, handedOver),
    ...(handedOver ? [() => deployerFinding(live, file, replayed, find, head)] : []),
  ];
  return suite.during("compares the chain with it", checks.length, async (tell) => {
    const findings: Finding[] = [];
    // One by one: each of them reads as much at a time as public nodes take.
    for (const check of checks) {
      const found = await check();
      tell.step();
      findings.push(found);
    }
    return findings;
  });
}

const finding = (item: string, wrong: readonly string[], right: string, fix: string): Finding =>
  wrong.length === 0 ? { item, level: "ok", says: right } : { item, level: "FAIL", says: wrong.join("; "), fix };

/** The sources that are here are those of the file: only then does the rest mean anything. */
async function sourcesFinding({ hre }: Suite, file: DeploymentFile, { artifacts }: Replay): Promise<Finding> {
  const compiler = await checkedCompiler(hre, artifacts);
  const deployed = Object.fromEntries(Object.entries(file.creationCode).filter(([name]) => name in artifacts));
  const wrong = changesOf(
    { creationCode: deployed, compiler: file.compiler },
    { creationCode: codeHashes(artifacts), compiler },
  );
  const commit = file.commit === null ? "the commit of the file" : `git checkout ${file.commit.id}`;
  return finding("sources", wrong, `${Object.keys(deployed).length} contracts, ${describe(compiler)}`, commit);
}

/** Code with all immutables, against that of the replay, and against the hash in the file. */
async function codeFinding(live: NetworkConnection, { connection }: Replay, step: ContractStep): Promise<Finding> {
  const [there, here] = await Promise.all(
    [live, connection].map(({ ethers }) => ethers.provider.getCode(step.address)),
  );
  const hash = keccak256(there ?? "0x");
  const wrong = [
    ...(there === here
      ? []
      : [`the code at ${step.address} is not what the sources make of the constructor's arguments`]),
    ...(hash === step.codeHash ? [] : [`its hash is ${hash}, in the file ${step.codeHash}`]),
  ];
  const says = `${((there?.length ?? 2) - 2) / 2} bytes at ${step.address}`;
  return finding(`code of ${step.key}`, wrong, says, "Do not use it: find out who put it there");
}

/** Everything that can be read without arguments: neighbours, immutables, governed numbers. */
async function viewsFinding(
  live: NetworkConnection,
  { connection, artifacts }: Replay,
  step: ContractStep,
): Promise<Finding> {
  const abi = new Interface(artifacts[step.contract]?.abi ?? []);
  const views = abi.fragments
    .filter((fragment) => fragment.type === "function")
    .map((fragment) => abi.getFunction(fragment.format()))
    .filter((view) => view !== null)
    .filter((view) => view.constant && view.inputs.length === 0 && !VOLATILE.has(view.name));
  const wrong = await inTurn(views, async ({ name, selector }) => {
    const read = ({ ethers }: NetworkConnection) => ethers.provider.call({ to: step.address, data: selector });
    const [there, here] = [await read(live), await read(connection)];
    const print = (data: string) => String(abi.decodeFunctionResult(name, data));
    return there === here ? undefined : `${name}() is ${print(there)}, by the file ${print(here)}`;
  });
  const differences = wrong.filter((difference) => difference !== undefined);
  return finding(
    `views of ${step.key}`,
    differences,
    `${views.length} equal`,
    "If a vote has changed it, nothing: the file says what was deployed. If none has, find out who did",
  );
}

/** What each transaction of the deployment told: the supply, the roles, the first numbers. */
async function eventsFinding(
  live: NetworkConnection,
  file: DeploymentFile,
  { connection, transactions }: Replay,
): Promise<Finding> {
  const wrong = await inTurn([...file.steps.entries()], async ([index, step]) => {
    const there = await live.ethers.provider.getTransactionReceipt(step.transaction);
    const here = await connection.ethers.provider.getTransactionReceipt(transactions[index] ?? "");
    const name = isContract(step) ? step.key : `${step.contract}.${step.function}`;
    if (there === null) return `${name}: the chain does not have ${step.transaction}`;
    return told(there) === told(here) ? undefined : `${name}: ${step.transaction} told something else than it must`;
  });
  const differences = wrong.filter((difference) => difference !== undefined);
  return finding(
    "events",
    differences,
    `of ${file.steps.length} transactions equal`,
    "Do not use it: find out what was sent",
  );
}

const told = (receipt: TransactionReceipt | null): string =>
  JSON.stringify(receipt?.logs.map(({ address, topics, data }) => ({ address, topics, data })));

/** Everybody's roles now, against those at the end of the deployment or, once it is handed over, those that follow. */
async function rolesFinding(
  live: NetworkConnection,
  file: DeploymentFile,
  replayed: Replay,
  head: number,
  handedOver: boolean,
): Promise<Finding> {
  const keepers = roleKeepers(file, replayed);
  const there = await rolesOf(live, keepers, replayed, file.startBlock, head);
  const last = await replayed.connection.ethers.provider.getBlockNumber();
  const here = await rolesOf(replayed.connection, keepers, replayed, 0, last);
  const denied = await deniedMembers(live, keepers, replayed, there);
  const expected = handedOver ? afterHandover(here, there, file) : here;
  const wrong = [
    ...changesOf(Object.fromEntries(expected), Object.fromEntries(there)).map((change) =>
      readable(change, file, replayed),
    ),
    ...denied.map((subject) => `${subject}: events say so, the contract denies it`),
  ];
  const right = `${there.size}, ${handedOver ? "as handed over" : "as deployed"}`;
  const next = handedOver ? "handover" : "check --handed-over";
  const fix = `${commandFor(file, next)}${handedOver ? "" : ", if it is handed over"}; or take back what nobody has decided`;
  return finding("roles", wrong, right, fix);
}

/** What must be left of the deployer: nothing. */
async function deployerFinding(
  live: NetworkConnection,
  file: DeploymentFile,
  { artifacts }: Replay,
  find: Find,
  head: number,
): Promise<Finding> {
  const { deployer, addresses } = file;
  const ask = asker(find);
  const balance = (await ask("token", "balanceOf", deployer)) as bigint;
  const token = { address: addresses["token"] ?? "", abi: new Interface(artifacts["OPGToken"]?.abi ?? []) };
  const approvals = await eventsOf(live, token, file.startBlock, head);
  const spenders = new Set(
    approvals
      .filter(({ name, args }) => name === "Approval" && args[0] === deployer)
      .map(({ args }) => String(args[1])),
  );
  const allowed = await inTurn([...spenders], async (spender) => [
    spender,
    await ask("token", "allowance", deployer, spender),
  ]);
  const roles = await Promise.all([ADMIN, GUARDIAN].map((role) => ask("access", "hasRole", role, deployer)));
  const wrong = [
    ...(balance === 0n ? [] : [`it holds ${formatEther(balance)} OPG`]),
    ...allowed.filter(([, amount]) => amount !== 0n).map(([spender]) => `${String(spender)} may spend its OPG`),
    ...(await walletsOf(find, deployer)).map((wallet) => `it owns the vesting wallet ${wallet}`),
    ...(roles.includes(true) ? ["the access manager says that it has a role"] : []),
  ];
  return finding("deployer", wrong, `${deployer} has no role, no OPG, no allowance`, commandFor(file, "handover"));
}

/** A few at a time. */
async function inTurn<Item, Result>(items: readonly Item[], act: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(act))));
  }
  return results;
}
