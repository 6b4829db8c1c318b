// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev Governed numbers of OPGGovernor; periods in seconds.
struct VoteNumbers {
    uint48 votingDelay; // from a proposal to its vote
    uint32 votingPeriod;
    uint48 lateQuorumPeriod; // a vote lasts at least so long after its quorum was reached
    uint256 proposalThreshold; // OPG; votes that a proposer must have
    uint256 quorumBps; // of the total supply
}

/// @dev Who gets a part of the supply, and when.
struct Allocation {
    address account;
    uint256 amount; // OPG
    uint64 startsAt; // unix seconds; 0: when the distribution is deployed
    uint64 cliffPeriod; // seconds from then in which nothing is released
    uint64 vestingPeriod; // seconds from then in which it is released, evenly; 0: all at once, without a wallet
}

/// @dev Whom the distribution pays, and how much.
struct Share {
    address payee; // slot 0
    uint96 amount; // OPG
}
