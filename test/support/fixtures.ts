import { fileURLToPath } from "node:url";

import { parseEther, ZeroHash, id } from "ethers";

import ProtocolModule from "../../deploy/modules/Protocol.ts";
import { ascending } from "../../packages/sdk/src/codecs/ascending.ts";
import { modelId, versionId, type VersionIdentity } from "../../packages/sdk/src/codecs/model.ts";
import {
  AccessManager__factory,
  AuditRoster__factory,
  Distribution__factory,
  DisputeGame__factory,
  InferenceLens__factory,
  InferenceMarketplace__factory,
  InferenceSessions__factory,
  Mandates__factory,
  JobChain__factory,
  JobRelay__factory,
  JobScheduler__factory,
  ModelRegistry__factory,
  NodeStaking__factory,
  OPGGovernor__factory,
  OPGTimelock__factory,
  OPGToken__factory,
  OptimisticLens__factory,
  OptimisticMarketplace__factory,
  OptimisticPolicy__factory,
  PauseGuardian__factory,
  PriceBook__factory,
  ReceiptBook__factory,
  RefereedPolicy__factory,
  ReplicationPolicy__factory,
  ResultCommitments__factory,
  SessionLens__factory,
} from "../../typechain-types/index.ts";
import { actors, type Operator } from "./actors.ts";
import { ethers, ignition, loadFixture, lowerBaseFee, time } from "./network.ts";

const LOCAL = fileURLToPath(new URL("../../deploy/parameters/local.json5", import.meta.url));

/** What each operator stakes of its own, and what it lets the market lock and weigh. */
export const OWN_STAKE = parseEther("1000");
export const MAX_LOCK = parseEther("900");
/** How long an operator's locks last, seconds. */
export const LOCK_PERIOD = 60n * 86_400n;

/**
 * The real module with the real parameters of a local chain, typed by the bindings. It is deployed once: whoever asks again
 * gets the chain as it was then, and what another fixture has made of it is gone.
 */
export const protocol = () => loadFixture(deployed);

async function deployed() {
  await lowerBaseFee();
  const contracts = await ignition.deploy(ProtocolModule, { parameters: LOCAL });
  return { ...(await connectProtocol(contracts)), ...(await actors()) };
}

/** The contracts of a deployment, by the names that tests use. */
export async function connectProtocol(deployed: Deployed) {
  const address = (name: keyof Deployed) => deployed[name].getAddress();
  const runner = ethers.provider;
  return {
    access: AccessManager__factory.connect(await address("access"), runner),
    token: OPGToken__factory.connect(await address("token"), runner),
    mandates: Mandates__factory.connect(await address("mandates"), runner),
    registry: ModelRegistry__factory.connect(await address("registry"), runner),
    staking: NodeStaking__factory.connect(await address("staking"), runner),
    commitments: ResultCommitments__factory.connect(await address("commitments"), runner),
    policy: ReplicationPolicy__factory.connect(await address("policy"), runner),
    refereedPolicy: RefereedPolicy__factory.connect(await address("refereedPolicy"), runner),
    disputes: DisputeGame__factory.connect(await address("disputes"), runner),
    market: InferenceMarketplace__factory.connect(await address("market"), runner),
    relay: JobRelay__factory.connect(await address("relay"), runner),
    roster: AuditRoster__factory.connect(await address("auditRoster"), runner),
    optimisticPolicy: OptimisticPolicy__factory.connect(await address("optimisticPolicy"), runner),
    optimistic: OptimisticMarketplace__factory.connect(await address("optimistic"), runner),
    receipts: ReceiptBook__factory.connect(await address("receipts"), runner),
    sessions: InferenceSessions__factory.connect(await address("sessions"), runner),
    prices: PriceBook__factory.connect(await address("prices"), runner),
    sessionLens: SessionLens__factory.connect(await address("sessionLens"), runner),
    scheduler: JobScheduler__factory.connect(await address("scheduler"), runner),
    jobChain: JobChain__factory.connect(await address("jobChain"), runner),
    inferenceLens: InferenceLens__factory.connect(await address("inferenceLens"), runner),
    lens: OptimisticLens__factory.connect(await address("optimisticLens"), runner),
    timelock: OPGTimelock__factory.connect(await address("timelock"), runner),
    distribution: Distribution__factory.connect(await address("distribution"), runner),
    governor: OPGGovernor__factory.connect(await address("governor"), runner),
    pauseGuardian: PauseGuardian__factory.connect(await address("pauseGuardian"), runner),
  };
}

type Deployed = Readonly<
  Record<
    | "access"
    | "token"
    | "mandates"
    | "registry"
    | "staking"
    | "commitments"
    | "policy"
    | "refereedPolicy"
    | "disputes"
    | "market"
    | "relay"
    | "auditRoster"
    | "optimisticPolicy"
    | "optimistic"
    | "receipts"
    | "sessions"
    | "prices"
    | "sessionLens"
    | "scheduler"
    | "jobChain"
    | "optimisticLens"
    | "timelock"
    | "distribution"
    | "governor"
    | "pauseGuardian"
    | "inferenceLens",
    { getAddress(): Promise<string> }
  >
>;
export type Protocol = Awaited<ReturnType<typeof protocol>>;

/** A small, complete version. */
export const IDENTITY = {
  artifactDigest: id("artifact"),
  artifactSize: 11_222n,
  format: "onnx",
  inputs: [{ name: "image", dtype: 2, shape: [1, 1, 8, 8] }],
  outputs: [{ name: "logits", dtype: 1, shape: [1, 10] }],
  profile: ZeroHash,
  graphRoot: ZeroHash,
} satisfies VersionIdentity;

/** What is said of it beside its identity. */
export const DETAILS = {
  major: 1,
  minor: 0,
  goldenInputRoot: id("golden input"),
  goldenOutputRoot: id("golden output"),
  licence: "MIT",
  uris: ["https://models.example/digits.onnx"],
  metadataURI: "https://models.example/digits.json",
  metadataHash: id("metadata"),
};

/** What the publisher earns per inference. */
export const ROYALTY = parseEther("0.1");

/** One open model of the publisher with one version. */
export const released = async () => releasedOn(await protocol());

/** The same on a suite with other parameters. */
export async function releasedOn(suite: Protocol) {
  const { registry, publisher } = suite;
  const model = modelId(publisher.address, "digits");
  await registry.connect(publisher).registerModel("digits", ROYALTY, false);
  await registry.connect(publisher).release(model, IDENTITY, DETAILS);
  return { ...suite, model, version: versionId(model, IDENTITY) };
}

export type Released = Awaited<ReturnType<typeof released>>;

/** That version, served by `count` nodes of equal stake, and a requester with a full balance. */
export async function served(count: number) {
  const suite = await released();
  return servedOn(suite, suite.operators.slice(0, count));
}

/** The same on a suite that has more, by these operators. */
export async function servedOn<Suite extends Released>(suite: Suite, operators: readonly Operator[]) {
  const { token, market, deployer, requester, version } = suite;
  const nodes = ascending(operators);
  for (const operator of nodes) await startNode(suite, operator, version);
  await token.connect(deployer).approve(market, parseEther("100000"));
  await market.connect(deployer).deposit(requester, parseEther("100000"));
  // Stake and weight count only from an activation period before a request.
  await time.increase(60);
  return { ...suite, nodes };
}

export type Served = Awaited<ReturnType<typeof served>>;

/** Nodes so few, for a quorum of 2, that every draw falls on all of them. */
export const servedByThree = () => served(3);
/** Nodes so few, for a quorum of 6, that every draw falls on all, and enough for an appeal of fresh ones. */
export const servedByNine = () => served(9);

/** Registers, stakes, authorises the market and serves. */
export async function startNode(
  suite: Protocol,
  operator: Operator,
  version: string,
  stake = OWN_STAKE,
): Promise<void> {
  await registerNode(suite, operator, 1_000n, stake);
  const { staking, market } = suite;
  await staking.connect(operator.owner).authorise(operator.node, market, stake);
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  await market.connect(operator.signer).serve(operator.node, version, stake, (stake * 9n) / 10n, endsAt);
}

export async function registerNode(
  suite: Protocol,
  operator: Operator,
  commissionBps = 1_000n,
  stake = OWN_STAKE,
): Promise<void> {
  const { token, staking, deployer } = suite;
  await token.connect(deployer).transfer(operator.owner, stake);
  await token.connect(operator.owner).approve(staking, stake);
  const consent = await signConsent(suite, operator.node, operator);
  await staking
    .connect(operator.owner)
    .register(stake, operator.signer, consent, commissionBps, "https://node.example");
}

/** A key that can sign, whether or not the chain knows it. */
export type ConsentingKey = Pick<Operator["signer"], "address" | "getAddress" | "signTypedData">;

/** The signature with which a hot key agrees to act for a node, with what a test falsifies replaced. */
export async function signConsent(
  { staking }: Protocol,
  node: string,
  { signer }: { readonly signer: ConsentingKey },
  changes: { readonly chainId?: bigint; readonly verifyingContract?: string; readonly nonce?: bigint } = {},
) {
  const { chainId } = await ethers.provider.getNetwork();
  const domain = {
    name: "OPG NodeStaking",
    version: "1",
    chainId: changes.chainId ?? chainId,
    verifyingContract: changes.verifyingContract ?? (await staking.getAddress()),
  };
  const types = {
    SignerConsent: [
      { name: "node", type: "address" },
      { name: "signer", type: "address" },
      { name: "nonce", type: "uint256" },
    ],
  };
  const message = { node, signer: signer.address, nonce: changes.nonce ?? (await staking.nonces(signer)) };
  return signer.signTypedData(domain, types, message);
}
