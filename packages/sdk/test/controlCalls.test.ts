import { id } from "ethers";

import * as control from "../src/actions/control/index.ts";
import { type Case, checkCalls, encodes } from "./callCases.ts";
import { ADDRESSES, addressOf } from "./support.ts";

const [target, other] = [addressOf("target"), addressOf("other")];
const proposal = {
  calls: [
    { to: target, data: "0x1234" },
    { to: other, data: "0x" },
  ],
  description: "Because it is better",
};
const parts = [
  [target, other],
  [0n, 0n],
  ["0x1234", "0x"],
];
const hashed = [...parts, id("Because it is better")];

const cases: readonly Case[] = [
  encodes(control.propose, proposal, "governor", "propose", [...parts, "Because it is better"]),
  encodes(control.castVote, { proposalId: 7n, vote: "for" }, "governor", "castVoteWithReason", [7n, 1n, ""]),
  encodes(control.castVote, { proposalId: 7n, vote: "abstain", reason: "?" }, "governor", "castVoteWithReason", [
    7n,
    2n,
    "?",
  ]),
  encodes(control.queueProposal, proposal, "governor", "queue", hashed),
  encodes(control.executeProposal, proposal, "governor", "execute", hashed),
  encodes(control.cancelProposal, proposal, "governor", "cancel", hashed),
  encodes(control.pauseEntries, {}, "pauseGuardian", "pause", []),
  encodes(control.resumeEntries, {}, "pauseGuardian", "resume", []),
  encodes(control.distribute, { token: ADDRESSES.token }, "distribution", "distribute", [ADDRESSES.token]),
];

/** What has no action: what only votes can call, other forms of a vote, and what tokens call that are sent here. */
const WITHOUT_ACTION = {
  governor: [
    "castVote",
    "castVoteBySig",
    "castVoteWithReasonAndParams",
    "castVoteWithReasonAndParamsBySig",
    "onERC721Received",
    "onERC1155Received",
    "onERC1155BatchReceived",
    "relay",
    "setLateQuorumVoteExtension",
    "setProposalThreshold",
    "setVotingDelay",
    "setVotingPeriod",
    "updateQuorumNumerator",
  ],
  pauseGuardian: ["setAuthority"],
} as const;

checkCalls(["governor", "pauseGuardian", "distribution"], cases, WITHOUT_ACTION);
