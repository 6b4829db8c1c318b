import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { AllocationWallet__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, networkHelpers } from "../support/network.ts";

/** The code of a contract that answers every call with 32 bytes of zero, and so with `false`. */
const SAYS_NO = "0x60206000f3";
/** And of one that fails without a reason. */
const FAILS = "0x5f5ffd";

/** The stranger's wallet: all of it is due. */
async function due() {
  const suite = await protocol();
  const { deployer, stranger } = suite;
  const factory = new AllocationWallet__factory(deployer);
  return { ...suite, factory, wallet: await factory.deploy(stranger, 0, 0, 0) };
}

describe("AllocationWallet, refusing", () => {
  const given = () => loadFixture(due);

  it("belongs to somebody, who alone hands it on", async () => {
    const { factory, wallet, stranger, thief } = await given();
    await expect(factory.deploy(ZeroAddress, 0, 0, 0))
      .to.be.revertedWithCustomError(wallet, "OwnableInvalidOwner")
      .withArgs(ZeroAddress);
    await expect(wallet.connect(thief).transferOwnership(thief))
      .to.be.revertedWithCustomError(wallet, "OwnableUnauthorizedAccount")
      .withArgs(thief);
    expect(await wallet.owner()).to.equal(stranger);
  });

  it("has no cliff beyond its end", async () => {
    const { factory, wallet, stranger } = await given();
    await expect(factory.deploy(stranger, 0, 10, 11))
      .to.be.revertedWithCustomError(wallet, "InvalidCliffDuration")
      .withArgs(11, 10);
  });

  it("does not count as released what a token has not moved", async () => {
    const { wallet, thief } = await given();
    await networkHelpers.setCode(thief.address, SAYS_NO);
    await expect(wallet["release(address)"](thief))
      .to.be.revertedWithCustomError(wallet, "SafeERC20FailedOperation")
      .withArgs(thief);
  });

  it("keeps ether that its owner does not take", async () => {
    const { wallet, deployer, stranger } = await given();
    await deployer.sendTransaction({ to: wallet, value: 1n });
    await networkHelpers.setCode(stranger.address, FAILS);
    await expect(wallet["release()"]()).to.be.revertedWithCustomError(wallet, "FailedCall");
    expect(await wallet["releasable()"]()).to.equal(1n);
  });
});
