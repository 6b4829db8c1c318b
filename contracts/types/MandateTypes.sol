// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev What an account has signed about one order, beside the order itself.
struct SignedOrder {
    uint256 mostCost; // OPG; the most that the order may take out of the account's balance
    uint256 mostRepay; // OPG; the most that whoever brings it may take beside that
    uint256 nonce; // one order each, in any sequence
    uint256 expiresAt; // unix seconds, exclusive
    bytes signature; // of the account's key, or for the account's `isValidSignature` (ERC-1271)
}
