import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { loadFixture } from "../support/network.ts";
import { offering } from "../support/optimistic.ts";

const OFFER = { callPrice: parseEther("0.01"), collateral: parseEther("20"), endpoint: "https://node.example" };
const NONE = { callPrice: 0n, collateral: 0n, endpoint: "" };

describe("PriceBook.offer", () => {
  const given = () => loadFixture(offering);

  context("when the node's signer or owner calls", () => {
    it("keeps what the node asks, and replaces what it asked before", async () => {
      const { prices, first, version } = await given();
      await expect(prices.connect(first.signer).offer(first.node, version, OFFER))
        .to.emit(prices, "PriceOffered")
        .withArgs(first.node, version, OFFER.callPrice, OFFER.collateral, OFFER.endpoint);
      expect([...(await prices.offerOf(first.node, version))]).to.deep.equal(Object.values(OFFER));

      await prices.connect(first.owner).offer(first.node, version, NONE);
      expect([...(await prices.offerOf(first.node, version))]).to.deep.equal(Object.values(NONE));
    });

    it("keeps the offers of nodes and versions apart", async () => {
      const { prices, first, second, version } = await given();
      await prices.connect(first.signer).offer(first.node, version, OFFER);
      expect([...(await prices.offerOf(second.node, version))]).to.deep.equal(Object.values(NONE));
      expect([...(await prices.offerOf(first.node, first.node.padEnd(66, "0")))]).to.deep.equal(Object.values(NONE));
    });
  });

  context("when anyone else calls", () => {
    it("reverts and names the node and the caller", async () => {
      const { prices, first, second, stranger, version } = await given();
      for (const caller of [stranger, second.signer]) {
        await expect(prices.connect(caller).offer(first.node, version, OFFER))
          .to.be.revertedWithCustomError(prices, "PricesNotOperator")
          .withArgs(first.node, caller);
      }
      await expect(prices.connect(stranger).offer(ZeroAddress, version, OFFER))
        .to.be.revertedWithCustomError(prices, "PricesNotOperator")
        .withArgs(ZeroAddress, stranger);
    });
  });

  context("when the endpoint is long", () => {
    it("takes 256 bytes and no more", async () => {
      const { prices, first, version } = await given();
      const most = { ...OFFER, endpoint: "x".repeat(256) };
      await prices.connect(first.signer).offer(first.node, version, most);
      await expect(prices.connect(first.signer).offer(first.node, version, { ...OFFER, endpoint: "x".repeat(257) }))
        .to.be.revertedWithCustomError(prices, "PricesEndpointTooLong")
        .withArgs(257, 256);
    });
  });
});
