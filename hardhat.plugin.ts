import type { SolidityHooks } from "hardhat/types/hooks";
import type { HardhatPlugin } from "hardhat/types/plugins";

/** What Hardhat reads of bytecode. With the rest, the tests and their probes for coverage are more than solc can write. */
const BYTECODE = ["linkReferences", "object", "opcodes", "sourceMap"];
const READ: Readonly<Record<string, readonly string[]>> = {
  "evm.bytecode": BYTECODE.map((part) => `evm.bytecode.${part}`),
  "evm.deployedBytecode": [...BYTECODE, "immutableReferences"].map((part) => `evm.deployedBytecode.${part}`),
};

const mapValues = <From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

const solidity = async (): Promise<Partial<SolidityHooks>> => ({
  // TypeChain writes its index in the order in which it is given the artifacts; unsorted, that order changes from run
  // to run and the freshness check of the bindings would fail at random.
  processArtifactsAfterSuccessfulBuild: async (_context, paths) => void (paths as string[]).sort(),
  preprocessSolcInputBeforeBuilding: async (context, input, next) => {
    const made = await next(context, input);
    const partsRead = (parts: readonly string[]) => parts.flatMap((part) => READ[part] ?? [part]);
    const outputSelection = mapValues(made.settings.outputSelection, (contracts) => mapValues(contracts, partsRead));
    return { ...made, settings: { ...made.settings, outputSelection } };
  },
  // Warnings about dependencies cannot be acted upon here and would bury our own.
  getCompilationJobErrors: async (context, job, output, next) =>
    (await next(context, job, output)).filter(
      (error) => error.severity === "error" || !/--> (\.\/)?node_modules\//.test(error.formattedMessage ?? ""),
    ),
});

export const buildRules: HardhatPlugin = {
  id: "build-rules",
  hookHandlers: { solidity: async () => ({ default: solidity }) },
};
