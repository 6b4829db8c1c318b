import { expect } from "chai";
import type { FunctionFragment, Interface } from "ethers";

import { actors } from "../support/actors.ts";
import { deploy, NETWORKS, parametersFor } from "../support/deployment.ts";
import { loadFixture } from "../support/network.ts";

const ADMIN = 0n;
/** The functions that ask the access manager. */
const RESTRICTED = {
  disputes: ["addReferee", "setRules"],
  optimistic: ["setRules", "setTreasury"],
  market: ["setRules", "setTreasury"],
  registry: ["setRoyaltyNoticePeriod"],
  staking: ["setParameters"],
} as const;

for (const network of NETWORKS) {
  describe(`Roles of a deployment for ${network}`, () => {
    /** Deployed by the first account, for another. */
    const deployed = async () => {
      const { deployer, publisher } = await actors();
      const text = parametersFor(network, publisher.address);
      return { ...(await deploy(text)), deployer, admin: network === "local" ? deployer : publisher };
    };

    it("makes the admin of the file the only member of the only role [T120 I28]", async () => {
      const { access, admin } = await loadFixture(deployed);
      const granted = await access.queryFilter(access.filters.RoleGranted());
      expect(granted.map(({ args }) => [args.roleId, args.account, args.delay])).to.deep.equal([
        [ADMIN, admin.address, 0n],
      ]);
      const others = [
        access.filters.RoleAdminChanged(),
        access.filters.RoleGuardianChanged(),
        access.filters.TargetFunctionRoleUpdated(),
        access.filters.TargetAdminDelayUpdated(),
        access.filters.TargetClosed(),
        access.filters.OperationScheduled(),
      ];
      for (const filter of others) expect(await access.queryFilter(filter)).to.deep.equal([]);
    });

    it("leaves every restricted function to the admin [T124]", async () => {
      const { access, admin, deployer, ...suite } = await loadFixture(deployed);
      for (const [name, functions] of Object.entries(RESTRICTED) as [keyof typeof RESTRICTED, readonly string[]][]) {
        const contract = suite[name];
        for (const method of functions) {
          const { selector } = (contract.interface as Interface).getFunction(method) as FunctionFragment;
          expect(await access.getTargetFunctionRole(contract, selector)).to.equal(ADMIN);
          expect(await access.canCall(admin, contract, selector)).to.deep.equal([true, 0n]);
          const allowed = deployer.address === admin.address;
          expect(await access.canCall(deployer, contract, selector)).to.deep.equal([allowed, 0n]);
        }
      }
    });

    if (network !== "local") {
      it("leaves the deployer without tokens, allowances and roles [T120]", async () => {
        const { deployer, ...suite } = await loadFixture(deployed);
        const { access, token, registry, staking, commitments, policy, disputes, optimistic, market } = suite;
        expect(await token.balanceOf(deployer)).to.equal(0n);
        expect(await access.hasRole(ADMIN, deployer)).to.deep.equal([false, 0n]);
        for (const contract of [access, token, registry, staking, commitments, policy, disputes, optimistic, market]) {
          expect(await token.balanceOf(contract)).to.equal(0n);
        }
        expect(await token.queryFilter(token.filters.Approval())).to.deep.equal([]);
      });
    }
  });
}
