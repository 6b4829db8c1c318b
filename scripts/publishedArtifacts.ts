import { artifacts } from "hardhat";

/** Ours without what they inherit, and the one contract of a dependency that is deployed beside them. */
const PUBLISHED =
  /^(contracts\/(?!test\/|base\/|mock\/)|@openzeppelin\/contracts\/access\/manager\/AccessManager\.sol:)/;

/** Interfaces that several contracts inherit: the ABI of each has them whole. */
const PARTS = ["ILedger", "IMarketAccounts", "IMarketJobs", "IMarketServing", "IMarketWeights", "ISessionKeys"];

type Artifact = Awaited<ReturnType<typeof artifacts.readArtifact>>;

/** The contracts whose ABIs are published. */
export async function publishedArtifacts(): Promise<readonly Artifact[]> {
  const fullNames = [...(await artifacts.getAllFullyQualifiedNames())].filter((name) => PUBLISHED.test(name));
  const published = await Promise.all(fullNames.map((name) => artifacts.readArtifact(name)));
  const names = new Set(published.map(({ contractName }) => contractName));
  return published.filter(({ abi, contractName }) => {
    // Libraries are compiled into the contracts; nobody calls them. An interface says nothing that its contract does not.
    const isCalled = (abi as readonly { readonly type: string }[]).some(({ type }) => type === "function");
    const isPart = PARTS.includes(contractName) || (contractName.startsWith("I") && names.has(contractName.slice(1)));
    return isCalled && !isPart;
  });
}
