import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import AccessModule from "./Access.ts";

/** Layer 1: models and their versions. */
export default buildModule("Registry", (m) => {
  const { access } = m.useModule(AccessModule);
  const registry = m.contract("ModelRegistry", [access, m.getParameter("royaltyNoticePeriod")]);
  return { access, registry };
});
