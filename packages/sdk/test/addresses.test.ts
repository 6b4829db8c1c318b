import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";

import { readAddressBook } from "../../../scripts/addressBook.ts";
import { addresses, deploymentOf, deployments, UnknownDeploymentError } from "../src/addresses.ts";
import { ADDRESSES, addressOf } from "./support.ts";

const OTHER = { ...ADDRESSES, market: addressOf("another market") };

describe("The book of deployments", () => {
  let folder = "";
  const put = (path: string, content: object) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "opg-deployments-"));
    put("84532/main.json", { chainId: 84_532, addresses: ADDRESSES, startBlock: 5, commit: "more than is read" });
    put("84532/next.json", { chainId: 84_532, addresses: OTHER, startBlock: 6 });
    put("11155111/main.json", { chainId: 11_155_111, addresses: ADDRESSES, startBlock: 7 });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("gives addresses by chain and name", () => {
    const book = readAddressBook(folder);
    assert.equal(addresses(84_532, "main", book).market, ADDRESSES.market);
    assert.equal(addresses(84_532, "next", book).market, OTHER.market);
    assert.deepEqual(deploymentOf(11_155_111, "main", book), {
      chainId: 11_155_111,
      addresses: ADDRESSES,
      startBlock: 7,
    });
  });

  it("knows the faucet of a deployment that has one", () => {
    const faucet = addressOf("faucet");
    put("84532/dripping.json", { chainId: 84_532, addresses: { ...ADDRESSES, faucet }, startBlock: 6 });
    const found = deploymentOf(84_532, "dripping", readAddressBook(folder));
    assert.deepEqual([found.faucet, found.addresses], [faucet, ADDRESSES]);
  });

  for (const [chainId, name] of [
    [1, "main"],
    [84_532, "test"],
    [84_532, "toString"],
  ] as const) {
    it(`says what there is instead of ${chainId}/${name}`, () => {
      assert.throws(
        () => addresses(chainId, name, readAddressBook(folder)),
        (error) => {
          assert.ok(error instanceof UnknownDeploymentError);
          assert.deepEqual([error.chainId, error.deployment], [chainId, name]);
          assert.deepEqual(error.known, ["84532/main", "84532/next", "11155111/main"]);
          assert.match(error.message, /84532\/main, 84532\/next, 11155111\/main/);
          return true;
        },
      );
    });
  }

  it("says so if there is none", () => {
    assert.throws(() => addresses(1, "main", {}), /none yet/);
  });

  it("leaves out what is on a chain of one machine", () => {
    put("31337/local.json", { chainId: 31_337, addresses: ADDRESSES, startBlock: 0 });
    assert.deepEqual(Object.keys(readAddressBook(folder)), ["84532", "11155111"]);
  });

  const wrong = {
    "an address that is none": { chainId: 1, addresses: { ...ADDRESSES, staking: "0x12" }, startBlock: 0 },
    "another chain than its folder's": { chainId: 2, addresses: ADDRESSES, startBlock: 0 },
  };
  for (const [what, content] of Object.entries(wrong)) {
    it(`is not made of a file with ${what}, and names the file`, () => {
      put("1/main.json", content);
      assert.throws(() => readAddressBook(folder), /1\/main\.json: .*(addresses\.staking|chain 2)/);
    });
  }

  it("is made of the files in the repository", () => {
    assert.deepEqual(deployments, readAddressBook(new URL("../../../deployments", import.meta.url).pathname));
  });
});
