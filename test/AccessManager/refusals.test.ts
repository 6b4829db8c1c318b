import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { AccessManager__factory } from "../../typechain-types/index.ts";
import { ADMIN } from "../support/control.ts";
import { protocol } from "../support/fixtures.ts";
import { ethers, loadFixture, networkHelpers, time } from "../support/network.ts";

const DELAY = 100;
const WEEK = 7 * 86_400;

/** A second admin, the stranger, that must announce what it does, and something that it could do. */
async function delayed() {
  const suite = await protocol();
  const { access, registry, deployer, stranger } = suite;
  await access.connect(deployer).grantRole(ADMIN, stranger, DELAY);
  const target = await registry.getAddress();
  const data = registry.interface.encodeFunctionData("setRoyaltyNoticePeriod", [5]);
  const { selector } = registry.interface.getFunction("setRoyaltyNoticePeriod");
  const operation = await access.hashOperation(stranger, target, data);
  return { ...suite, target, data, selector, operation };
}

describe("AccessManager, refusing", () => {
  const given = () => loadFixture(delayed);
  const scheduled = async () => {
    const suite = await given();
    const { access, stranger, target, data } = suite;
    await access.connect(stranger).schedule(target, data, 0);
    return { ...suite, due: (await time.latest()) + DELAY };
  };

  it("lets nobody without the role execute, schedule or cancel", async () => {
    const { access, stranger, thief, target, data, selector } = await scheduled();
    for (const attempt of [
      () => access.connect(thief).execute(target, data),
      () => access.connect(thief).schedule(target, data, 0),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(access, "AccessManagerUnauthorizedCall")
        .withArgs(thief, target, selector);
    }
    await expect(access.connect(thief).cancel(stranger, target, data))
      .to.be.revertedWithCustomError(access, "AccessManagerUnauthorizedCancel")
      .withArgs(thief, stranger, target, selector);
  });

  it("lets a delayed admin execute what it has announced, from when it is due until a week later", async () => {
    const { access, registry, stranger, target, data, operation, due } = await scheduled();
    const execute = () => access.connect(stranger).execute(target, data);
    await expect(access.connect(stranger).schedule(target, data, 0))
      .to.be.revertedWithCustomError(access, "AccessManagerAlreadyScheduled")
      .withArgs(operation);
    await time.setNextBlockTimestamp(due - 1);
    await expect(execute()).to.be.revertedWithCustomError(access, "AccessManagerNotReady").withArgs(operation);
    await time.setNextBlockTimestamp(due + WEEK);
    await expect(execute()).to.be.revertedWithCustomError(access, "AccessManagerExpired").withArgs(operation);

    await access.connect(stranger).schedule(target, data, 0);
    await time.increase(DELAY);
    await execute();
    expect(await registry.royaltyNoticePeriod()).to.equal(5n);
  });

  it("takes a scheduled operation only to a target that is asking for it", async () => {
    const { access, target, stranger, data } = await scheduled();
    await networkHelpers.impersonateAccount(target);
    await networkHelpers.setBalance(target, 10n ** 18n);
    await expect(access.connect(await ethers.getSigner(target)).consumeScheduledOp(stranger, data))
      .to.be.revertedWithCustomError(access, "AccessManagerUnauthorizedConsume")
      .withArgs(target);
  });

  it("changes neither the admin's role nor who may move a target to another manager", async () => {
    const { access, registry, deployer, target } = await given();
    const { selector } = registry.interface.getFunction("setAuthority");
    await expect(access.connect(deployer).setRoleAdmin(ADMIN, 7))
      .to.be.revertedWithCustomError(access, "AccessManagerLockedRole")
      .withArgs(ADMIN);
    await expect(access.connect(deployer).setTargetFunctionRole(target, [selector], 7))
      .to.be.revertedWithCustomError(access, "AccessManagerLockedFunction")
      .withArgs(selector);
  });

  it("takes nobody's confirmation but the caller's own", async () => {
    const { access, deployer, stranger } = await given();
    await expect(access.connect(deployer).renounceRole(ADMIN, stranger)).to.be.revertedWithCustomError(
      access,
      "AccessManagerBadConfirmation",
    );
    expect(await access.hasRole(ADMIN, deployer)).to.deep.equal([true, 0n]);
  });

  it("hands a target over to contracts alone", async () => {
    const { access, registry, deployer, thief, target } = await given();
    await expect(access.connect(deployer).updateAuthority(target, thief))
      .to.be.revertedWithCustomError(registry, "AccessManagedInvalidAuthority")
      .withArgs(thief);
    expect(await registry.authority()).to.equal(await access.getAddress());
  });

  it("says so when what it calls is no contract, or fails without a reason", async () => {
    const { access, deployer, thief, target } = await given();
    await expect(access.connect(deployer).execute(thief, "0x12345678"))
      .to.be.revertedWithCustomError(access, "AddressEmptyCode")
      .withArgs(thief);
    await expect(access.connect(deployer).execute(target, "0x12345678")).to.be.revertedWithCustomError(
      access,
      "FailedCall",
    );
  });

  it("begins with an admin", async () => {
    const { access, deployer } = await given();
    await expect(new AccessManager__factory(deployer).deploy(ZeroAddress))
      .to.be.revertedWithCustomError(access, "AccessManagerInvalidInitialAdmin")
      .withArgs(ZeroAddress);
  });
});
