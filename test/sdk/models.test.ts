import { expect } from "chai";
import { parseEther } from "ethers";

import {
  addMirror,
  deprecateVersion,
  getModel,
  getVersion,
  modelId,
  NotFoundError,
  quoteOrder,
  registerModel,
  releaseVersion,
  setAllowed,
  setRestricted,
  setRoyalty,
  setRoyaltyNoticePeriod,
  transferModel,
  versionId,
} from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { DETAILS, IDENTITY, protocol, released } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { refusalOf } from "../support/refusals.ts";

describe("The SDK's actions on models", () => {
  const given = async () => {
    const suite = await loadFixture(released);
    return { suite, owner: await clientOf(suite, suite.publisher), modelId: suite.model, versionId: suite.version };
  };

  it("register a model and release a version under the ids that the codecs give", async () => {
    const suite = await loadFixture(protocol);
    const client = await clientOf(suite, suite.publisher);
    const registered = await registerModel(client, { slug: "digits", royalty: 3n });
    expect(registered.modelId).to.equal(modelId(suite.publisher.address, "digits"));
    const version = await releaseVersion(client, {
      modelId: registered.modelId,
      identity: IDENTITY,
      release: DETAILS,
    });
    expect(version.versionId).to.equal(versionId(registered.modelId, IDENTITY));

    const refusal = await refusalOf(registerModel(client, { slug: "No" }));
    expect(refusal.decoded).to.deep.include({ name: "RegistryBadSlug", args: { slug: "No" } });
  });

  it("read a version back as it was released, with mirrors and successor", async () => {
    const { owner, modelId: model, versionId: id } = await given();
    const released = { versionId: id, modelId: model, identity: IDENTITY, release: DETAILS };
    expect(await getVersion(owner, { versionId: id })).to.deep.equal({
      ...released,
      uris: DETAILS.uris,
      isDeprecated: false,
      successor: undefined,
    });

    await addMirror(owner, { versionId: id, uri: "ipfs://mirror" });
    const identity = { ...IDENTITY, artifactSize: 1n };
    const next = await releaseVersion(owner, { modelId: model, identity, release: { ...DETAILS, minor: 1 } });
    await deprecateVersion(owner, { versionId: id, successor: next.versionId });
    expect(await getVersion(owner, { versionId: id })).to.deep.equal({
      ...released,
      uris: [...DETAILS.uris, "ipfs://mirror"],
      isDeprecated: true,
      successor: next.versionId,
    });
  });

  it("name what does not exist", async () => {
    const { owner, modelId: id } = await given();
    const caught = async (reading: Promise<unknown>) => reading.catch((error: unknown) => error);
    const noVersion = await caught(getVersion(owner, { versionId: id }));
    expect(noVersion).to.be.instanceOf(NotFoundError).and.to.include({ kind: "version", id });
    const noModel = await caught(getModel(owner, { modelId: modelId(owner.addresses.market, "digits") }));
    expect(noModel).to.be.instanceOf(NotFoundError).and.to.include({ kind: "model" });
  });

  it("announce a rise of a royalty, and show it when it holds", async () => {
    const { suite, owner, modelId: id } = await given();
    const period = 1_000;
    await setRoyaltyNoticePeriod(await clientOf(suite, suite.deployer), { period });
    const { effectiveAt } = await setRoyalty(owner, { modelId: id, royalty: parseEther("2") });
    expect(await getModel(owner, { modelId: id })).to.deep.equal({
      owner: suite.publisher.address,
      royalty: parseEther("0.1"),
      nextRoyalty: { royalty: parseEther("2"), effectiveAt },
      isRestricted: false,
    });
    await time.increaseTo(effectiveAt);
    expect(await getModel(owner, { modelId: id })).to.include({ royalty: parseEther("2"), nextRoyalty: undefined });
  });

  it("restrict a model to listed requesters", async () => {
    const { suite, owner, modelId: id, versionId: version } = await given();
    await setRestricted(owner, { modelId: id, isRestricted: true });
    const requester = await clientOf(suite, suite.requester);
    const terms = { versionId: version, seatPrice: 1n, quorum: 2, collateralFactor: 8, sealPeriod: 5 };
    const refusal = await refusalOf(quoteOrder(requester, terms));
    expect(refusal.decoded).to.deep.include({
      name: "RegistryRequesterNotAllowed",
      args: { modelId: id, requester: suite.requester.address },
    });
    await setAllowed(owner, { modelId: id, requesters: [suite.requester.address], isAllowed: true });
    expect((await quoteOrder(requester, terms)).royaltyPayee).to.equal(suite.publisher.address);
  });

  it("hand a model over, after which the former owner cannot change it", async () => {
    const { suite, owner, modelId: id } = await given();
    const [from, to] = [suite.publisher.address, suite.stranger.address];
    await transferModel(owner, { modelId: id, from, to });
    expect((await getModel(owner, { modelId: id })).owner).to.equal(to);
    const refusal = await refusalOf(setRoyalty(owner, { modelId: id, royalty: 0n }));
    expect(refusal.decoded).to.deep.include({
      name: "RegistryNotModelOwner",
      args: { modelId: id, caller: from, owner: to },
    });
  });
});
