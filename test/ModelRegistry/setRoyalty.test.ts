import { expect } from "chai";

import { released, ROYALTY } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const NOTICE_PERIOD = 1_000;
const MOST_ROYALTY = 2n ** 80n - 1n;

/** A model, where rises of royalties are announced. */
async function noticed() {
  const suite = await released();
  await suite.registry.connect(suite.deployer).setRoyaltyNoticePeriod(NOTICE_PERIOD);
  const royaltyNow = async () => (await suite.registry.quote(suite.version, suite.requester)).royalty;
  return { ...suite, royaltyNow };
}

describe("ModelRegistry.setRoyalty", () => {
  const given = () => loadFixture(noticed);

  context("given a royalty", () => {
    context("when the owner cuts it", () => {
      it("holds at once", async () => {
        const { registry, publisher, model, royaltyNow } = await given();
        const transaction = await registry.connect(publisher).setRoyalty(model, ROYALTY - 1n);
        const now = BigInt(await time.latest());

        await expect(transaction)
          .to.emit(registry, "RoyaltySet")
          .withArgs(model, ROYALTY - 1n, now);
        expect(await royaltyNow()).to.equal(ROYALTY - 1n);
        const terms = [publisher.address, ROYALTY - 1n, false, false, ROYALTY - 1n, now];
        expect(await registry.termsOf(model)).to.deep.equal(terms);
      });
    });

    context("when the owner raises it", () => {
      it("holds after the notice, and not a second before [T018]", async () => {
        const { registry, publisher, model, royaltyNow } = await given();
        const transaction = await registry.connect(publisher).setRoyalty(model, 2n * ROYALTY);
        const effectiveAt = (await time.latest()) + NOTICE_PERIOD;

        await expect(transaction)
          .to.emit(registry, "RoyaltySet")
          .withArgs(model, 2n * ROYALTY, effectiveAt);
        const terms = [publisher.address, ROYALTY, true, false, 2n * ROYALTY, BigInt(effectiveAt)];
        expect(await registry.termsOf(model)).to.deep.equal(terms);
        await time.increaseTo(effectiveAt - 1);
        expect(await royaltyNow()).to.equal(ROYALTY);
        await time.increaseTo(effectiveAt);
        expect(await royaltyNow()).to.equal(2n * ROYALTY);
      });
    });

    context("when no notice is asked for", () => {
      it("lets a rise hold at once", async () => {
        const { registry, deployer, publisher, model, royaltyNow } = await given();
        await registry.connect(deployer).setRoyaltyNoticePeriod(0);
        await registry.connect(publisher).setRoyalty(model, 2n * ROYALTY);
        expect(await royaltyNow()).to.equal(2n * ROYALTY);
      });
    });

    context("when it does not fit", () => {
      it("reverts and names the most that does", async () => {
        const { registry, publisher, model } = await given();
        await registry.connect(publisher).setRoyalty(model, MOST_ROYALTY);
        await expect(registry.connect(publisher).setRoyalty(model, MOST_ROYALTY + 1n))
          .to.be.revertedWithCustomError(registry, "RegistryRoyaltyTooHigh")
          .withArgs(MOST_ROYALTY + 1n, MOST_ROYALTY);
      });
    });

    context("when anyone but the owner sets it", () => {
      it("reverts and names the owner", async () => {
        const { registry, publisher, stranger, model } = await given();
        await expect(registry.connect(stranger).setRoyalty(model, 0))
          .to.be.revertedWithCustomError(registry, "RegistryNotModelOwner")
          .withArgs(model, stranger, publisher);
      });
    });
  });

  context("given a rise that is announced", () => {
    async function announced() {
      const suite = await given();
      await suite.registry.connect(suite.publisher).setRoyalty(suite.model, 2n * ROYALTY);
      return suite;
    }

    context("when a cut comes before it holds", () => {
      it("forgets the rise", async () => {
        const { registry, publisher, model, royaltyNow } = await announced();
        await registry.connect(publisher).setRoyalty(model, 0);
        await time.increase(2 * NOTICE_PERIOD);
        expect(await royaltyNow()).to.equal(0);
        expect((await registry.termsOf(model)).royaltyPending).to.equal(false);
      });
    });

    context("when another rise comes before it holds", () => {
      it("begins the notice anew from what holds now [T018]", async () => {
        const { registry, publisher, model, royaltyNow } = await announced();
        await time.increase(NOTICE_PERIOD - 2);
        await registry.connect(publisher).setRoyalty(model, 3n * ROYALTY);
        await time.increase(NOTICE_PERIOD - 1);
        expect(await royaltyNow()).to.equal(ROYALTY);
        await time.increase(1);
        expect(await royaltyNow()).to.equal(3n * ROYALTY);
      });
    });

    context("when another rise comes after it holds", () => {
      it("announces it from there", async () => {
        const { registry, publisher, model, royaltyNow } = await announced();
        await time.increase(NOTICE_PERIOD);
        await registry.connect(publisher).setRoyalty(model, 3n * ROYALTY);
        expect(await royaltyNow()).to.equal(2n * ROYALTY);
      });
    });
  });
});
