import type { SolidityHooks } from "hardhat/types/hooks";
import type { HardhatPlugin } from "hardhat/types/plugins";

const solidity = async (): Promise<Partial<SolidityHooks>> => ({
  // TypeChain writes its index in the order in which it is given the artifacts; unsorted, that order changes from run
  // to run and the freshness check of the bindings would fail at random.
  processArtifactsAfterSuccessfulBuild: async (_context, paths) => void (paths as string[]).sort(),
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
