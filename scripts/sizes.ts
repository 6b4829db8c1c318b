/**
 * Fails when a contract, compiled as it is deployed, comes near the most bytes that a chain accepts (EIP-170): what is
 * still to come needs room. Run with the profile `production`.
 *
 *   npm run sizes
 */
import { artifacts } from "hardhat";
import { dataLength } from "ethers";

const MOST_BYTES = 24_576;
const ROOM = 2_500;
/** Contracts of the root folder are what is deployed, those that judge, and those that only look. */
const DEPLOYED = /^contracts\/(verifiers\/|lens\/|testnet\/)?\w+\.sol:/;

const names = [...(await artifacts.getAllFullyQualifiedNames())].filter((name) => DEPLOYED.test(name)).sort();
if (names.length === 0) throw new Error("There are no artifacts; build first");
const sizes = await Promise.all(
  names.map(async (name) => {
    const { contractName, deployedBytecode } = await artifacts.readArtifact(name);
    const bytes = dataLength(deployedBytecode);
    return { contract: contractName, bytes, room: MOST_BYTES - bytes };
  }),
);
console.table(sizes);
for (const { contract, room } of sizes) {
  if (room >= ROOM) continue;
  console.error(`${contract} has ${room} bytes to spare, fewer than ${ROOM}`);
  process.exitCode = 1;
}
