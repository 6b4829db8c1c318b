import { expect } from "chai";
import { type FunctionFragment, id, type Interface, type ParamType, ZeroAddress, ZeroHash } from "ethers";

import { GUARDIAN, PAUSER } from "../../deploy/modules/Guardian.ts";
import { actors } from "../support/actors.ts";
import { deploy, NETWORKS, parametersFor } from "../support/deployment.ts";
import { ethers, loadFixture } from "../support/network.ts";

const ADMIN = 0n;
const PROPOSER = id("PROPOSER_ROLE");
const EXECUTOR = id("EXECUTOR_ROLE");
const CANCELLER = id("CANCELLER_ROLE");

/** The functions that ask the access manager, and the role that each asks for. */
const RESTRICTED = {
  disputes: { addReferee: ADMIN, setRules: ADMIN },
  optimistic: { setRules: ADMIN, setTreasury: ADMIN, pauseUntil: PAUSER },
  sessions: { setRules: ADMIN, setTreasury: ADMIN, pauseUntil: PAUSER },
  scheduler: { setRules: ADMIN, pauseUntil: PAUSER },
  market: { setRules: ADMIN, setTreasury: ADMIN, pauseUntil: PAUSER },
  registry: { setRoyaltyNoticePeriod: ADMIN, pauseUntil: PAUSER },
  staking: { setParameters: ADMIN, pauseUntil: PAUSER },
  pauseGuardian: { pause: GUARDIAN, resume: GUARDIAN },
} as const satisfies Readonly<Record<string, Readonly<Record<string, bigint>>>>;

const TARGETS = Object.keys(RESTRICTED) as (keyof typeof RESTRICTED)[];
const isTarget = (name: string): name is keyof typeof RESTRICTED => name in RESTRICTED;

for (const network of NETWORKS) {
  describe(`Roles of a deployment for ${network}`, () => {
    /** Deployed by the first account, for another. */
    const deployed = async () => {
      const { deployer, publisher, stranger } = await actors();
      return { ...(await deploy(parametersFor(network, publisher.address))), deployer, stranger };
    };

    it("grants these roles of the access manager, and no others [T116 T120 I28]", async () => {
      const { access, deployer, pauseGuardian } = await loadFixture(deployed);
      const granted = await access.queryFilter(access.filters.RoleGranted());
      expect(granted.map(({ args }) => [args.roleId, args.account, args.delay])).to.deep.equal([
        [ADMIN, deployer.address, 0n],
        [GUARDIAN, deployer.address, 0n],
        [PAUSER, await pauseGuardian.getAddress(), 0n],
      ]);
      const others = [
        access.filters.RoleAdminChanged(),
        access.filters.RoleGuardianChanged(),
        access.filters.RoleRevoked(),
        access.filters.TargetAdminDelayUpdated(),
        access.filters.TargetClosed(),
        access.filters.OperationScheduled(),
      ];
      for (const filter of others) expect(await access.queryFilter(filter)).to.deep.equal([]);
    });

    it("maps exactly these functions to roles [T116 T124]", async () => {
      const { access, ...suite } = await loadFixture(deployed);
      const mapped = await access.queryFilter(access.filters.TargetFunctionRoleUpdated());
      const expected = await Promise.all(
        TARGETS.flatMap((target) =>
          Object.entries(RESTRICTED[target])
            .filter(([, role]) => role !== ADMIN)
            .map(
              async ([method, role]) =>
                `${await suite[target].getAddress()} ${selectorOf(suite[target], method)} ${role}`,
            ),
        ),
      );
      const given = mapped.map(({ args }) => `${args.target} ${args.selector} ${args.roleId}`);
      expect(given.sort()).to.deep.equal(expected.sort());
    });

    it("asks the access manager for these functions alone, as calls of all that the ABIs have show [T116 T124]", async () => {
      const { stranger, ...suite } = await loadFixture(deployed);
      const unauthorized = suite.registry.interface.encodeErrorResult("AccessManagedUnauthorized", [stranger.address]);
      for (const [name, contract] of Object.entries(suite)) {
        if (!("interface" in contract)) continue;
        const refused: string[] = [];
        for (const fragment of sendable(contract.interface)) {
          const data = (contract.interface as Interface).encodeFunctionData(fragment, fragment.inputs.map(zeroOf));
          const refusal = await refusalOf({ to: await contract.getAddress(), from: stranger.address, data });
          if (refusal === unauthorized) refused.push(fragment.name);
        }
        // Only the access manager itself can move a contract to another one.
        const restricted = isTarget(name) ? [...Object.keys(RESTRICTED[name]), "setAuthority"] : [];
        expect(refused.sort(), name).to.deep.equal(restricted.sort());
      }
    });

    it("opens restricted functions to their roles alone [T115 T116 T124]", async () => {
      const { access, stranger, ...suite } = await loadFixture(deployed);
      for (const target of TARGETS) {
        for (const [method, role] of Object.entries(RESTRICTED[target])) {
          const selector = selectorOf(suite[target], method);
          expect(await access.getTargetFunctionRole(suite[target], selector)).to.equal(role);
          expect(await access.canCall(stranger, suite[target], selector)).to.deep.equal([false, 0n]);
        }
      }
    });

    it("lets only the governor schedule and cancel, anyone execute, and nobody administer but the timelock itself [T115 I28]", async () => {
      const { timelock, governor, deployer } = await loadFixture(deployed);
      const held = new Map<string, Set<string>>();
      for (const { args } of await timelock.queryFilter(timelock.filters.RoleGranted())) {
        held.set(args.role, (held.get(args.role) ?? new Set()).add(args.account));
      }
      const revoked = await timelock.queryFilter(timelock.filters.RoleRevoked());
      for (const { args } of revoked) held.get(args.role)?.delete(args.account);
      expect(revoked.map(({ args }) => [args.role, args.account])).to.deep.equal([[ZeroHash, deployer.address]]);
      expect(Object.fromEntries([...held].map(([role, accounts]) => [role, [...accounts]]))).to.deep.equal({
        [ZeroHash]: [await timelock.getAddress()],
        [PROPOSER]: [await governor.getAddress()],
        [CANCELLER]: [await governor.getAddress()],
        [EXECUTOR]: [ZeroAddress],
      });
      expect(await timelock.queryFilter(timelock.filters.RoleAdminChanged())).to.deep.equal([]);
    });

    if (network !== "local") {
      it("leaves deployer and contracts without tokens and allowances [T120]", async () => {
        const { token, ...suite } = await loadFixture(deployed);
        for (const [name, holder] of Object.entries({ token, ...suite })) {
          const isTreasury = name === "timelock";
          expect((await token.balanceOf(holder)) > 0n, name).to.equal(isTreasury);
        }
        expect(await token.queryFilter(token.filters.Approval())).to.deep.equal([]);
      });
    }
  });
}

function selectorOf(contract: { readonly interface: unknown }, method: string): string {
  const selector = (contract.interface as Interface).getFunction(method)?.selector;
  if (selector === undefined) throw new Error(`There is no function ${method}`);
  return selector;
}

/** What accounts can send to a contract. */
function sendable(abi: unknown): FunctionFragment[] {
  const found: FunctionFragment[] = [];
  (abi as Interface).forEachFunction((fragment) => {
    if (!fragment.constant) found.push(fragment);
  });
  return found;
}

/** The least that can be given for a parameter. */
function zeroOf(type: ParamType): unknown {
  if (type.isArray()) return [];
  if (type.isTuple()) return type.components.map(zeroOf);
  if (type.type === "address") return ZeroAddress;
  if (type.type === "bool") return false;
  if (type.type === "string") return "";
  const [, size] = /^bytes(\d*)$/.exec(type.type) ?? [];
  return size === undefined ? 0n : `0x${"00".repeat(Number(size))}`;
}

/** What a call is refused with, as bytes; nothing if it is not. */
async function refusalOf(call: { readonly to: string; readonly from: string; readonly data: string }): Promise<string> {
  try {
    await ethers.provider.call(call);
    return "0x";
  } catch (error) {
    if (typeof error === "object" && error !== null && "data" in error) return String(error.data);
    throw error;
  }
}
