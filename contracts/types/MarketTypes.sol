// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @dev What an account has in the market, from the lowest bit: balance 128 (OPG that it can withdraw) | fees 128 (OPG for
/// the treasury, from this account's jobs, until somebody collects it). Read and written by `AccountLib`.
type Account is uint256;

/// @dev What answers for a node's seats of a version, from the lowest bit: free 96 (OPG of the lock; every seat takes its
/// collateral out until its job is final) | earned 96 (OPG that `claim` moves into the node's stake) | endsAt 48 (unix seconds; end of
/// the node's lock). Read and written by `ServingLib`.
type SeatBook is uint256;

bytes32 constant PAYMENT_TAG = keccak256("OPG/payment");

/// @dev What a node serves of a version.
struct Serving {
    SeatBook book; // slot 0
    uint96 maxLock; // slot 1; OPG that answer for this version at most
    uint96 weight; // OPG that weigh in draws since `since`
    uint48 since; // unix seconds
    Checkpoints.Trace208 weights; // slot 2; earlier weights
}

/// @dev The sum of all weights of a version, over time.
struct ServedWeight {
    uint96 weight; // slot 0; OPG
    uint48 since; // unix seconds
    Checkpoints.Trace208 weights; // slot 1; earlier sums
}

/// @dev An ERC-3009 authorisation, whose nonce is the hash of what it pays for.
struct Payment {
    uint256 value; // OPG
    uint256 validAfter; // unix seconds, exclusive
    uint256 validBefore; // unix seconds, exclusive
    bytes signature;
}

/// @dev Most bytes that a market takes on chain, fixed when it is deployed.
struct PayloadBounds {
    uint256 mostInputBytes; // of an input that travels with its order
    uint256 mostOutputBytes; // of an output that is delivered
}
