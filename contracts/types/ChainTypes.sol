// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {RoundId} from "./CommitmentTypes.sol";
import {AccountAmount} from "./JobTypes.sol";

/// @dev `keccak256(abi.encode(LINK_TAG, chainid, JobChain, link))`.
type LinkId is bytes32;

bytes32 constant LINK_TAG = keccak256("OPG/link");

/// @dev A link of a chain, as it travels in events and calldata; storage keeps one slot under its hash.
struct Link {
    AccountAmount owner; // pays out of its balance in the market, and decides; with what whoever follows the link earns
    AccountAmount source; // market of the job whose output is the next one's input; with the most that the next order may take
    bytes32 first; // id of that job, or of the link that orders it
    bytes32 orderHash; // keccak256 of `abi.encode(Job)` or `abi.encode(OptimisticJob)`
    uint256 expiresAt; // unix seconds, exclusive
}

/// @dev Zero is none.
enum LinkState {
    None,
    Waiting, // for an output; whoever comes first with it orders the next job
    Cancelled, // final: by its owner; for as long as its order is being placed, too
    Followed // final: the next job was ordered
}

/// @dev The output of a first job, and where it was stated.
struct LinkedOutput {
    bytes32 root;
    RoundId roundId; // in which it was stated; where several nodes answer, nobody looks at it
    address node; // who stated it; where several nodes answer, nobody looks at it
}
