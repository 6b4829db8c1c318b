import { expect } from "chai";
import { TypedDataEncoder } from "ethers";

import { tokenDomain } from "../support/authorisations.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("OPGToken.DOMAIN_SEPARATOR", () => {
  it("is that of OPG, version 1, on this chain and contract [T005]", async () => {
    const { token } = await loadFixture(protocol);
    expect(await token.DOMAIN_SEPARATOR()).to.equal(TypedDataEncoder.hashDomain(await tokenDomain(token)));
  });
});
