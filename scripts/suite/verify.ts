/** `suite verify`: publishes the sources, so that anyone can compare them with the code on the chain. */
import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { artifactsOf, buildForDeployment, checkedCompiler, PROFILE } from "./build.ts";
import { checkChain } from "./deploy.ts";
import { isContract, readDeploymentFile, type ContractStep } from "./deploymentFile.ts";
import { ETHERSCAN_KEY_VARIABLE } from "./networks.ts";
import { exitCodeOf, findingsText, type Finding } from "./outcome.ts";
import { reader, suiteTask, type CommonArguments, type Suite } from "./suite.ts";

interface Arguments extends CommonArguments {
  readonly noCompile: boolean;
}

const PLACES = ["sourcify", "blockscout", "etherscan"] as const;
type Place = (typeof PLACES)[number];

export default suiteTask<Arguments>(async (suite, { noCompile }) => {
  const file = readDeploymentFile(suite);
  if (!noCompile) await buildForDeployment(suite.hre);
  const live = await reader(suite);
  await checkChain(suite, live);
  const contracts = file.steps.filter(isContract);
  await checkedCompiler(
    suite.hre,
    await artifactsOf(
      suite.hre,
      contracts.map(({ contract }) => contract),
    ),
  );
  const findings = (await Promise.all(PLACES.map((place) => verifyAt(suite, place, contracts)))).flat();
  return {
    exitCode: exitCodeOf(findings),
    report: { network: suite.network.name, deployment: suite.deployment, findings },
    text: findingsText(findings),
  };
});

/** One contract after the other: these services are given away, and count requests. */
async function verifyAt(suite: Suite, place: Place, contracts: readonly ContractStep[]): Promise<Finding[]> {
  const { network } = suite;
  if (network.verification[place] === undefined) {
    return [{ item: place, level: "note", says: `${network.title} has none` }];
  }
  if (place === "etherscan" && !(await hasEtherscanKey(suite))) {
    const fix = `npx hardhat keystore set ${ETHERSCAN_KEY_VARIABLE}, if you want it there as well`;
    return [{ item: place, level: "note", says: "left out: it takes sources only with a key", fix }];
  }
  const findings: Finding[] = [];
  for (const step of contracts) findings.push(await verifyOne(suite, place, step));
  const failed = findings.filter(({ level }) => level === "FAIL");
  return [
    ...failed,
    { item: place, level: "ok", says: `${contracts.length - failed.length} of ${contracts.length} contracts` },
  ];
}

async function verifyOne(suite: Suite, place: Place, step: ContractStep): Promise<Finding> {
  const item = `${place} ${step.key}`;
  try {
    const [artifact] = Object.values(await artifactsOf(suite.hre, [step.contract]));
    await verifyContract(
      {
        address: step.address,
        constructorArgs: step.constructorArguments,
        contract: `${artifact?.sourceName ?? ""}:${step.contract}`,
        creationTxHash: step.transaction,
        provider: place,
      },
      onNetwork(suite),
    );
    suite.say(`  ${item}  verified`);
    return { item, level: "ok", says: step.address };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return { item, level: "FAIL", says, fix: "Run it again: what is verified stays verified" };
  }
}

/** Hardhat as it would be with `--network`, and with the network's own services: the plug-in knows those of all alike. */
function onNetwork(suite: Suite): HardhatRuntimeEnvironment {
  const { hre, network } = suite;
  const sourcify = { enabled: true, ...(network.verification.sourcify && { apiUrl: network.verification.sourcify }) };
  return {
    ...hre,
    artifacts: hre.artifacts,
    solidity: hre.solidity,
    globalOptions: { ...hre.globalOptions, buildProfile: PROFILE },
    config: { ...hre.config, verify: { ...hre.config.verify, sourcify } },
    network: { ...hre.network, create: () => reader(suite) } as HardhatRuntimeEnvironment["network"],
  };
}

const hasEtherscanKey = ({ hre }: Suite): Promise<boolean> =>
  hre.config.verify.etherscan.apiKey.get().then(
    (key) => key !== "",
    () => false,
  );
