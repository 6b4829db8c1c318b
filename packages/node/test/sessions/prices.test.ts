import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";

import { activateSigner, findOffers, getPriceOffer, proposeSigner, signConsent } from "@opg-protocol/sdk";
import { parseEther, Wallet } from "ethers";

import type { VersionConfig } from "../../dist/config/Config.js";
import type { Logger } from "../../dist/log.js";
import { PriceOffers } from "../../dist/sessions/PriceOffers.js";
import { SessionOffers } from "../../dist/sessions/SessionOffers.js";
import { TestNetwork } from "../support/network.ts";
import { publishRefereed } from "../support/refereed.ts";
import { LOG, SessionNode } from "../support/sessionNode.ts";
import { UnlockedSender } from "../support/UnlockedSender.ts";

const URL = "https://node.example/door";
const TERMS = { price: parseEther("1"), maxLock: parseEther("800"), mostCollateral: parseEther("200") };
const NOTHING = { callPrice: 0n, collateral: 0n, endpoint: "" };

describe("PriceOffers", () => {
  let network: TestNetwork;
  let node: SessionNode;
  let prices: PriceOffers;
  before(async () => {
    network = await TestNetwork.start();
    node = await SessionNode.add(network, await publishRefereed(network), 1);
    node.offer(TERMS);
    await node.admit();
    const { client } = network;
    const settings = { lockDays: 40, claimAbove: parseEther("1000") };
    const { journal, offers, sender } = node;
    const locks = new SessionOffers({ client, offers, journal, sender, log: LOG }, node.node, [], settings);
    await locks.maintain(await node.head());
    prices = publishing(URL);
  });
  after(() => network.stop());

  const named = (id: string): VersionConfig => ({ id, floorPrice: 0n });
  const publishing = (publicUrl: string | undefined, versions = [named(node.versionId)]) => {
    const { journal, offers, sender } = node;
    const modules = { client: network.client, journal, offers, sender, log: LOG };
    return new PriceOffers(modules, { node: node.node, account: node.node, publicUrl }, versions);
  };
  const published = () => getPriceOffer(network.client, { node: node.node, versionId: node.versionId });
  const found = async () => {
    const offers = await findOffers(network.client, { versionId: node.versionId });
    return offers.map(({ callPrice, collateral, endpoint }) => ({ callPrice, collateral, endpoint }));
  };

  it("publishes nothing where the operator does not say under which address", async () => {
    assert.equal(await publishing(undefined).maintain(), false);
    assert.deepEqual(await published(), NOTHING);
  });

  it("publishes what the node asks, so that callers find it, and sends nothing more while that stands", async () => {
    assert.equal(await prices.maintain(), true);
    assert.deepEqual(await found(), [{ callPrice: TERMS.price, collateral: TERMS.mostCollateral, endpoint: URL }]);
    assert.equal(await prices.maintain(), false);
  });

  it("follows a change of the price, of the collateral, or of the address", async () => {
    const changes = [
      [{ ...TERMS, price: parseEther("2") }, URL],
      [{ ...TERMS, mostCollateral: parseEther("100") }, URL],
      [{ price: TERMS.price, maxLock: TERMS.maxLock }, URL], // a tenth of the lock
      [TERMS, "https://elsewhere.example"],
    ] as const;
    for (const [terms, endpoint] of changes) {
      node.offer(terms);
      const keeper = publishing(endpoint);
      assert.equal(await keeper.maintain(), true);
      const collateral = "mostCollateral" in terms ? terms.mostCollateral : TERMS.maxLock / 10n;
      assert.deepEqual(await published(), { callPrice: terms.price, collateral, endpoint });
      assert.equal(await keeper.maintain(), false);
    }
  });

  it("takes back what it asks for a version that it offers no longer, named by the operator or not", async () => {
    node.offer(undefined); // without `sessions`
    assert.equal(await publishing(URL, []).maintain(), true);
    assert.deepEqual([await published(), await found()], [NOTHING, []]);
    node.offer(TERMS);
    assert.equal(await prices.maintain(), true);
    assert.equal((await found()).length, 1);
  });

  it("takes back what it has published when there is no address any more", async () => {
    const silent = publishing(undefined);
    assert.equal(await silent.maintain(), true);
    assert.deepEqual([await published(), await found()], [NOTHING, []]);
    assert.equal(await silent.maintain(), false);
    assert.equal(await prices.maintain(), true);
  });

  it("says once that its key may not write, sends nothing, and begins when the key may", async () => {
    const errors: unknown[] = [];
    const log = { ...LOG, error: (...said: unknown[]) => errors.push(said) } as unknown as Logger;
    const { client, provider } = network;
    const wallet = Wallet.createRandom(provider);
    const { address: account } = wallet;
    await provider.send("anvil_impersonateAccount", [account]);
    await client.signer?.sendTransaction({ to: account, value: parseEther("1") });
    const sender = new UnlockedSender(provider, account);
    const { journal, offers } = node;
    const asker = { node: node.node, account, publicUrl: "https://signer.example" };
    const signing = new PriceOffers({ client, journal, offers, sender, log }, asker, [named(node.versionId)]);
    assert.deepEqual([await signing.maintain(), await signing.maintain()], [false, false]);
    assert.match(
      String((errors[0] as unknown[])[1]),
      new RegExp(`${account}, does not act for the node.*proposeSigner`),
    );
    assert.deepEqual([errors.length, sender.actions], [1, []]);

    const owner = await network.clientOf(1);
    const consent = await signConsent(client, { node: node.node, signer: wallet });
    const { effectiveAt } = await proposeSigner(owner, { node: node.node, signer: account, consent });
    await provider.send("evm_mine", [effectiveAt]);
    await activateSigner(owner, { node: node.node });
    assert.equal(await signing.maintain(), true);
    assert.deepEqual([(await published()).endpoint, errors.length], ["https://signer.example", 1]);
  });

  it("takes back what it asks for a version that goes into quarantine", async () => {
    node.offers.quarantine(node.versionId, "why");
    assert.equal(await prices.maintain(), true);
    assert.deepEqual([await published(), await found()], [NOTHING, []]);
    assert.equal(await prices.maintain(), false);
  });
});
