import type { SolidityHooks } from "hardhat/types/hooks";
import type { HardhatPlugin } from "hardhat/types/plugins";
import type { CompilerOutput } from "hardhat/types/solidity";

/** Half of all that solc writes, and nothing reads it. With it, tests and their probes for coverage need all its 2 GiB. */
const UNREAD = ["evm.bytecode.opcodes", "evm.deployedBytecode.opcodes"];

const mapValues = <From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

/** Hardhat's network reads no build in which a piece of bytecode is without its opcodes, whatever they are. */
function fillUnread(output: CompilerOutput): CompilerOutput {
  for (const { evm } of Object.values(output.contracts ?? {}).flatMap((contracts) => Object.values(contracts)))
    for (const bytecode of [evm?.bytecode, evm?.deployedBytecode]) if (bytecode !== undefined) bytecode.opcodes = "";
  return output;
}

const solidity = async (): Promise<Partial<SolidityHooks>> => ({
  // TypeChain writes its index in the order in which it is given the artifacts; unsorted, that order changes from run
  // to run and the freshness check of the bindings would fail at random.
  processArtifactsAfterSuccessfulBuild: async (_context, paths) => void (paths as string[]).sort(),
  preprocessSolcInputBeforeBuilding: async (context, input, next) => {
    const made = await next(context, input);
    const read = (parts: readonly string[]) => parts.filter((part) => !UNREAD.includes(part));
    const outputSelection = mapValues(made.settings.outputSelection, (contracts) => mapValues(contracts, read));
    return { ...made, settings: { ...made.settings, outputSelection } };
  },
  invokeSolc: async (context, compiler, input, config, next) =>
    fillUnread(await next(context, compiler, input, config)),
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
