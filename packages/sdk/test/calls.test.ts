import { id, Signature, ZeroAddress, ZeroHash } from "ethers";

import * as market from "../src/actions/market/index.ts";
import * as models from "../src/actions/models/index.ts";
import { postBatch } from "../src/actions/sessions/index.ts";
import * as staking from "../src/actions/staking/index.ts";
import * as token from "../src/actions/token/index.ts";
import type { Addresses } from "../src/addresses.ts";
import { type PackedJob, packOrder } from "../src/codecs/job.ts";
import { PayloadError } from "../src/codecs/payload.ts";
import { packRules, type Rules, unpackRules } from "../src/codecs/rules.ts";
import { type Case, checkCalls, encodes } from "./callCases.ts";
import { ADDRESSES, addressOf } from "./support.ts";

const [node, account, other] = [addressOf("node"), addressOf("account"), addressOf("other")];
const [versionId, modelId, salt, outputRoot] = [id("version"), id("model"), id("salt"), id("output")];
const job: PackedJob = packOrder({
  requester: account,
  versionId,
  inputRoot: id("input"),
  seatPrice: 1n,
  quorum: 2,
  collateralFactor: 8,
  sealPeriod: 5,
});
const jobFields = Object.values(job);
const seats = [node, other];
const seal = { node, commitment: id("seal"), r: id("r"), vs: id("vs") };
const sealFields = Object.values(seal);
const shown = { node, outputRoot, salt };
const signature = Signature.from({ r: id("r"), s: `0x01${id("s").slice(4)}`, v: 27 });
const payment = { value: 5n, validAfter: 1, validBefore: 2, signature: "0x1234" };
const paymentFields = [5n, 1n, 2n, "0x1234"];
const authorization = { ...payment, from: account, to: other, nonce: id("nonce") };
const authorizationFields = [account, other, 5n, 1n, 2n, id("nonce"), "0x1234"];
const rules: Rules = unpackRules(`0x${"00".repeat(24)}${"01".repeat(8)}`);
const identity = {
  artifactDigest: id("artifact"),
  artifactSize: 9n,
  format: "onnx",
  inputs: [{ name: "image", dtype: 2, shape: [1, 8] }],
  outputs: [],
  profile: ZeroHash,
  graphRoot: ZeroHash,
};
const identityFields = [id("artifact"), 9n, "onnx", [["image", 2n, [1n, 8n]]], [], ZeroHash, ZeroHash];
const release = {
  major: 1,
  minor: 2,
  goldenInputRoot: id("in"),
  goldenOutputRoot: id("out"),
  licence: "MIT",
  uris: ["ipfs://a"],
  metadataURI: "ipfs://m",
  metadataHash: id("meta"),
};
const releaseFields = [1n, 2n, id("in"), id("out"), "MIT", ["ipfs://a"], "ipfs://m", id("meta")];

const batched = [market.withdraw.call(ADDRESSES, { to: other, amount: 5n })];

const cases: readonly Case[] = [
  encodes(market.deposit, { account, amount: 5n }, "market", "deposit", [account, 5n]),
  encodes(market.depositWithPermit, { account, amount: 5n, deadline: 7, signature }, "market", "depositWithPermit", [
    account,
    5n,
    7n,
    27n,
    signature.r,
    signature.s,
  ]),
  encodes(
    market.depositWithAuthorization,
    { account, from: other, salt, payment },
    "market",
    "depositWithAuthorization",
    [account, other, salt, paymentFields],
  ),
  encodes(market.withdraw, { to: other, amount: 5n }, "market", "withdraw", [other, 5n]),
  encodes(market.spendBalance, { from: account, to: other, amount: 5n }, "market", "spend", [account, other, 5n]),
  encodes(market.batchMarket, { calls: batched }, "market", "multicall", [batched.map(({ data }) => data)]),
  encodes(market.requestInference, { order: job, input: "0x12" }, "market", "request", [jobFields, "0x12"]),
  encodes(
    market.requestWithAuthorization,
    { order: job, input: "0x12", payment },
    "market",
    "requestWithAuthorization",
    [jobFields, "0x12", paymentFields],
  ),
  encodes(
    market.requestFor,
    {
      order: job,
      input: "0x12",
      signed: { mostCost: 1n, mostRepay: 2n, nonce: 3n, expiresAt: 4, signature: "0x5678" },
      repay: 5n,
    },
    "market",
    "requestFor",
    [jobFields, "0x12", [1n, 2n, 3n, 4n, "0x5678"], 5n],
  ),
  encodes(market.cancelJob, { job }, "market", "cancel", [jobFields]),
  encodes(market.commitResult, { job, node, commitment: outputRoot }, "market", "commit", [
    jobFields,
    node,
    outputRoot,
  ]),
  encodes(market.revealAndSettle, { job, node, outputRoot, salt, seats }, "market", "revealAndSettle", [
    jobFields,
    node,
    outputRoot,
    salt,
    seats,
  ]),
  encodes(market.commitSigned, { job, seals: [seal] }, "market", "commitSigned", [jobFields, [sealFields]]),
  encodes(market.sealMany, { job, seals: [seal] }, "relay", "sealMany", [jobFields, [sealFields]]),
  encodes(postBatch, { root: id("root"), count: 4n, uri: "https://leaves.example" }, "commitments", "postBatch", [
    id("root"),
    4n,
    "https://leaves.example",
  ]),
  encodes(market.revealMany, { roundId: id("round"), reveals: [shown] }, "commitments", "revealMany", [
    id("round"),
    [[node, outputRoot, salt]],
  ]),
  encodes(
    market.revealManyAndSettle,
    { job, roundId: id("round"), reveals: [shown], seats },
    "relay",
    "revealAndSettle",
    [jobFields, id("round"), [[node, outputRoot, salt]], seats],
  ),
  encodes(
    market.unpackSeals,
    { roundId: id("round"), word: 7n, seals: [{ node, commitment: id("seal") }] },
    "commitments",
    "unpack",
    [id("round"), 7n, [[node, id("seal")]]],
  ),
  encodes(
    market.revealPackedAndSettle,
    { job, roundId: id("round"), word: 7n, outputRoot, reveals: [{ node, salt }] },
    "relay",
    "revealPackedAndSettle",
    [jobFields, id("round"), 7n, outputRoot, [[node, salt]]],
  ),
  encodes(market.advanceJob, { job, seats }, "market", "advance", [jobFields, seats]),
  encodes(market.settleJob, { job, seats }, "market", "settle", [jobFields, seats]),
  encodes(market.expireJob, { job, seats }, "market", "expire", [jobFields, seats]),
  encodes(market.deliverResult, { job, result: { fault: PayloadError.InputMissing } }, "market", "deliver", [
    jobFields,
    1n,
    "0x",
  ]),
  encodes(market.reclaimTip, { job }, "market", "reclaimTip", [jobFields]),
  encodes(market.serveVersion, { node, versionId, weight: 1n, maxLock: 2n, endsAt: 3 }, "market", "serve", [
    node,
    versionId,
    1n,
    2n,
    3n,
  ]),
  encodes(market.unserveVersion, { node, versionId }, "market", "unserve", [node, versionId]),
  encodes(market.refreshServing, { node, versionId }, "market", "refreshServing", [node, versionId]),
  encodes(market.claimEarnings, { node, versionId }, "market", "claim", [node, versionId]),
  encodes(market.collectFees, { accounts: seats }, "market", "collectFees", [seats]),
  encodes(market.setTreasury, { account }, "market", "setTreasury", [account]),
  encodes(market.setRules, { rules, marginPeriod: 4 }, "market", "setRules", [packRules(rules), 4n]),
  encodes(market.revealResult, { roundId: versionId, node, outputRoot, salt }, "commitments", "reveal", [
    versionId,
    node,
    outputRoot,
    salt,
  ]),

  encodes(models.registerModel, { slug: "digits", royalty: 5n, isRestricted: true }, "registry", "registerModel", [
    "digits",
    5n,
    true,
  ]),
  encodes(models.registerModel, { slug: "digits" }, "registry", "registerModel", ["digits", 0n, false]),
  encodes(models.releaseVersion, { modelId, identity, release }, "registry", "release", [
    modelId,
    identityFields,
    releaseFields,
  ]),
  encodes(models.addMirror, { versionId, uri: "ipfs://b" }, "registry", "addMirror", [versionId, "ipfs://b"]),
  encodes(models.deprecateVersion, { versionId, successor: modelId }, "registry", "deprecate", [versionId, modelId]),
  encodes(models.deprecateVersion, { versionId }, "registry", "deprecate", [versionId, ZeroHash]),
  encodes(models.setRoyalty, { modelId, royalty: 5n }, "registry", "setRoyalty", [modelId, 5n]),
  encodes(models.setRestricted, { modelId, isRestricted: true }, "registry", "setRestricted", [modelId, true]),
  encodes(models.setAllowed, { modelId, requesters: seats, isAllowed: true }, "registry", "setAllowed", [
    modelId,
    seats,
    true,
  ]),
  encodes(models.setRoyaltyNoticePeriod, { period: 5 }, "registry", "setRoyaltyNoticePeriod", [5n]),
  encodes(
    models.transferModel,
    { modelId, from: account, to: other },
    "registry",
    "safeTransferFrom(address,address,uint256)",
    [account, other, BigInt(modelId)],
  ),

  encodes(
    staking.registerNode,
    { ownStake: 5n, signer: account, consent: "0x12", commissionBps: 6, metadataURI: "ipfs://n" },
    "staking",
    "register",
    [5n, account, "0x12", 6n, "ipfs://n"],
  ),
  encodes(staking.setNodeMetadata, { node, metadataURI: "ipfs://n" }, "staking", "setMetadataURI", [node, "ipfs://n"]),
  encodes(staking.proposeNodeOwner, { node, nextOwner: other }, "staking", "proposeOwner", [node, other]),
  encodes(staking.proposeNodeOwner, { node }, "staking", "proposeOwner", [node, ZeroAddress]),
  encodes(staking.acceptNode, { node }, "staking", "acceptOwnership", [node]),
  encodes(staking.proposeSigner, { node, signer: account, consent: "0x12" }, "staking", "proposeSigner", [
    node,
    account,
    "0x12",
  ]),
  encodes(staking.activateSigner, { node }, "staking", "activateSigner", [node]),
  encodes(staking.revokeSigner, { node }, "staking", "revokeSigner", [node]),
  encodes(staking.proposeCommission, { node, commissionBps: 6 }, "staking", "proposeCommission", [node, 6n]),
  encodes(staking.addStake, { node, amount: 5n }, "staking", "stake", [node, 5n]),
  encodes(staking.thawStake, { node, amount: 5n }, "staking", "thaw", [node, 5n]),
  encodes(staking.cancelThaw, { node, thawId: 1n }, "staking", "cancelThaw", [node, 1n]),
  encodes(staking.withdrawStake, { node, thawId: 1n }, "staking", "withdraw", [node, 1n]),
  encodes(staking.delegateStake, { node, amount: 5n, leastShares: 4n }, "staking", "delegate", [node, 5n, 4n]),
  encodes(staking.undelegateStake, { node, shares: 5n, leastAmount: 4n }, "staking", "undelegate", [node, 5n, 4n]),
  encodes(staking.cancelUndelegate, { node, thawId: 1n, leastShares: 4n }, "staking", "cancelUndelegate", [
    node,
    1n,
    4n,
  ]),
  encodes(staking.withdrawDelegation, { node, thawId: 1n }, "staking", "withdrawDelegation", [node, 1n]),
  encodes(staking.authoriseConsumer, { node, consumer: other, cap: 5n }, "staking", "authorise", [node, other, 5n]),
  encodes(staking.releaseLock, { node, consumer: other, obligation: versionId }, "staking", "release", [
    node,
    other,
    versionId,
  ]),
  encodes(staking.rewardNode, { node, amount: 5n }, "staking", "reward", [node, 5n]),
  encodes(staking.withdrawEarnings, { node }, "staking", "withdrawEarnings", [node]),
  encodes(
    staking.setStakingParameters,
    {
      leastOwnStake: 1n,
      leastDelegation: 2n,
      delegationRatio: 3,
      signerRotationPeriod: 4,
      commissionNoticePeriod: 5,
    },
    "staking",
    "setParameters",
    [[1n, 2n, 3n, 4n, 5n]],
  ),

  encodes(token.transferTokens, { to: other, amount: 5n }, "token", "transfer", [other, 5n]),
  encodes(token.transferTokensFrom, { from: account, to: other, amount: 5n }, "token", "transferFrom", [
    account,
    other,
    5n,
  ]),
  encodes(token.burnTokens, { amount: 5n }, "token", "burn", [5n]),
  encodes(token.burnTokensFrom, { from: account, amount: 5n }, "token", "burnFrom", [account, 5n]),
  encodes(token.approveTokens, { spender: other, amount: 5n }, "token", "approve", [other, 5n]),
  encodes(token.delegateVotes, { delegatee: other }, "token", "delegate", [other]),
  encodes(token.sendPermit, { owner: account, spender: other, amount: 5n, deadline: 7, signature }, "token", "permit", [
    account,
    other,
    5n,
    7n,
    27n,
    signature.r,
    signature.s,
  ]),
  encodes(
    token.transferWithAuthorization,
    authorization,
    "token",
    "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
    authorizationFields,
  ),
  encodes(
    token.receiveWithAuthorization,
    authorization,
    "token",
    "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
    authorizationFields,
  ),
  encodes(
    token.cancelAuthorization,
    { authorizer: account, nonce: id("nonce"), signature: "0x12" },
    "token",
    "cancelAuthorization(address,bytes32,bytes)",
    [account, id("nonce"), "0x12"],
  ),
];

/** What has no action: calls of contracts, forms of one thing that another form does, and wallets' own business. */
const WITHOUT_ACTION: Readonly<Partial<Record<keyof Addresses, readonly string[]>>> = {
  market: ["pauseUntil", "setAuthority"],
  commitments: ["seal", "sealMany", "revealPacked", "state"],
  registry: [
    "approve",
    "pauseUntil",
    "setApprovalForAll",
    "setAuthority",
    "transferFrom",
    "safeTransferFrom(address,address,uint256,bytes)",
  ],
  staking: ["lock", "unlock", "slash", "pauseUntil", "setAuthority"],
  token: [
    "delegateBySig",
    "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)",
    "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
    "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
  ],
};

checkCalls(["market", "commitments", "relay", "registry", "staking", "token"], cases, WITHOUT_ACTION);
