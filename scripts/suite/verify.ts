/** `suite verify`: publishes the sources, so that anyone can compare them with the code on the chain. */
import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { artifactsOf, buildForDeployment, checkedCompiler, PROFILE } from "./build.ts";
import { isContract, readDeploymentFile, type ContractStep } from "./deploymentFile.ts";
import { ETHERSCAN_KEY_VARIABLE } from "./networks.ts";
import { exitCodeOf, findingsText, type Finding } from "./outcome.ts";
import type { Work } from "./progress.ts";
import { reader, suiteTask, type CommonArguments, type Suite } from "./suite.ts";

interface Arguments extends CommonArguments {
  readonly dryRun: boolean;
  readonly noCompile: boolean;
}

const PLACES = ["sourcify", "blockscout", "etherscan"] as const;
type Place = (typeof PLACES)[number];

export default suiteTask<Arguments>(async (suite, { dryRun, noCompile }) => {
  const file = readDeploymentFile(suite);
  if (!noCompile) await buildForDeployment(suite);
  const live = await reader(suite);
  const contracts = file.steps.filter(isContract);
  await checkedCompiler(
    suite.hre,
    await artifactsOf(
      suite.hre,
      contracts.map(({ contract }) => contract),
    ),
  );
  const hre = onNetwork(suite, live);
  const absent = (await Promise.all(PLACES.map((place) => absenceOf(suite, place)))).filter(
    (note) => note !== undefined,
  );
  const places = PLACES.filter((place) => absent.every(({ item }) => item !== place));
  const findings = dryRun
    ? places.map((place) => ({ item: place, level: "note" as const, says: `would get ${contracts.length} contracts` }))
    : await suite.during("publishes the sources", places.length * contracts.length, async (tell) =>
        (await Promise.all(places.map((place) => verifyAt(hre, place, contracts, tell)))).flat(),
      );
  const all = [...findings, ...absent];
  return {
    exitCode: exitCodeOf(all),
    report: { network: suite.network.name, deployment: suite.deployment, findings: all },
    text: findingsText(all),
  };
});

/** Why nothing is published at a place, or undefined where it is. */
async function absenceOf(suite: Suite, place: Place): Promise<Finding | undefined> {
  const { network } = suite;
  if (network.verification[place] === undefined) {
    return { item: place, level: "note", says: `${network.title} has none` };
  }
  if (place !== "etherscan" || (await hasEtherscanKey(suite))) return undefined;
  const fix = `npx hardhat keystore set ${ETHERSCAN_KEY_VARIABLE}, if you want it there as well`;
  return { item: place, level: "note", says: "left out: it takes sources only with a key", fix };
}

/** One contract after the other: these services are given away, and count requests. */
async function verifyAt(
  hre: HardhatRuntimeEnvironment,
  place: Place,
  contracts: readonly ContractStep[],
  tell: Work,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const step of contracts) {
    const finding = await verifyOne(hre, place, step);
    tell.say(`${finding.item}  ${finding.level === "ok" ? "verified" : "not verified"}`);
    tell.step();
    findings.push(finding);
  }
  const failed = findings.filter(({ level }) => level === "FAIL");
  return [
    ...failed,
    { item: place, level: "ok", says: `${contracts.length - failed.length} of ${contracts.length} contracts` },
  ];
}

async function verifyOne(hre: HardhatRuntimeEnvironment, place: Place, step: ContractStep): Promise<Finding> {
  const item = `${place} ${step.key}`;
  try {
    const [artifact] = Object.values(await artifactsOf(hre, [step.contract]));
    await verifyContract(
      {
        address: step.address,
        constructorArgs: step.constructorArguments,
        contract: `${artifact?.sourceName ?? ""}:${step.contract}`,
        creationTxHash: step.transaction,
        provider: place,
      },
      hre,
    );
    return { item, level: "ok", says: step.address };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return { item, level: "FAIL", says, fix: "Run it again: what is verified stays verified" };
  }
}

/** Hardhat as it would be with `--network`, and with the network's own services: the plug-in knows those of all alike. */
function onNetwork({ hre, network }: Suite, live: NetworkConnection): HardhatRuntimeEnvironment {
  const sourcify = { enabled: true, ...(network.verification.sourcify && { apiUrl: network.verification.sourcify }) };
  return {
    ...hre,
    artifacts: hre.artifacts,
    solidity: hre.solidity,
    globalOptions: { ...hre.globalOptions, buildProfile: PROFILE },
    config: { ...hre.config, verify: { ...hre.config.verify, sourcify } },
    network: { ...hre.network, create: () => Promise.resolve(live) } as HardhatRuntimeEnvironment["network"],
  };
}

/** One that is there and cannot be read, as behind a password that nobody can be asked for, is not called missing. */
const hasEtherscanKey = async ({ hre }: Suite): Promise<boolean> =>
  (await hre.config.verify.etherscan.apiKey.get()) !== "";
