import { expect } from "chai";

import { differencesOf, isEnough, levelOf, pendingLevel, type Surface } from "../../scripts/release/difference.ts";

const MARKET: Surface = {
  abi: ["event Paid(address indexed to)", "function pay(address to)"],
  storage: ["0:0 t_uint256 _paid", "1:0 t_address _payee"],
};
const change = (changes: Partial<Surface>) => differencesOf({ Market: MARKET }, { Market: { ...MARKET, ...changes } });

describe("A release", () => {
  it("needs no new version if nothing differs", () => {
    expect(change({})).to.deep.equal([]);
    expect(levelOf(change({}), "1.2.3")).to.equal("none");
  });

  it("needs a minor version for what was added", () => {
    const differences = change({ abi: [...MARKET.abi, "error Broke(address payer)"] });
    expect(differences).to.deep.equal([{ contract: "Market", removed: [], added: ["error Broke(address payer)"] }]);
    expect(levelOf(differences, "1.2.3")).to.equal("minor");
    expect(levelOf(differencesOf({}, { Market: MARKET }), "1.2.3")).to.equal("minor");
  });

  const breaking = {
    "a removed function": change({ abi: MARKET.abi.slice(0, 1) }),
    "a changed event": change({ abi: ["event Paid(address to)", "function pay(address to)"] }),
    "a renamed argument": change({ abi: ["event Paid(address indexed to)", "function pay(address payee)"] }),
    "a field of storage in another slot": change({ storage: ["0:0 t_address _payee", "1:0 t_uint256 _paid"] }),
    "a contract that is gone": differencesOf({ Market: MARKET }, {}),
  };
  for (const [what, differences] of Object.entries(breaking)) {
    it(`needs a major version for ${what}, and a minor one before 1.0.0`, () => {
      expect(levelOf(differences, "1.2.3")).to.equal("major");
      expect(levelOf(differences, "0.2.3")).to.equal("minor");
    });
  }

  it("takes the most that the changesets ask for", () => {
    const changeset = (level: string) => `---\n"@opg-protocol/sdk": ${level}\n---\n\nWhat changed.\n`;
    expect(pendingLevel([])).to.equal("none");
    expect(pendingLevel([changeset("patch"), changeset("minor"), changeset("patch")])).to.equal("minor");
    expect(isEnough(pendingLevel([changeset("patch")]), "minor")).to.equal(false);
    expect(isEnough("major", "minor")).to.equal(true);
    expect(() => pendingLevel([changeset("huge")])).to.throw("This is no changeset");
    expect(() => pendingLevel(["no rules"])).to.throw("This is no changeset");
  });
});
