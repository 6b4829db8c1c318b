// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {KeyGrant} from "../types/SessionTypes.sol";

/// @title Keys that open sessions in a payer's name
/// @notice A payer keeps its own key, or its contract, out of daily use: a *session key* puts part of the payer's balance into
/// sessions, signs their vouchers and asks to close them. Whoever steals it can spend what its grant still allows, and what
/// is in its sessions, and nothing else.
interface ISessionKeys {
    /// @notice A payer has set what a key may do in its name; all that it may was zero before, or is replaced. A limit of zero
    /// revokes it.
    event KeyGranted(
        address indexed payer,
        address indexed key,
        uint256 limit,
        uint256 expiresAt,
        bytes32 versionsRoot
    );

    /// @notice A key has put `amount` (OPG, base units) of a payer's balance into sessions; it can put in `left` more.
    event KeySpent(address indexed payer, address indexed key, uint256 amount, uint256 left);

    /// @notice The key may not do this in the payer's name.
    /// @custom:fix Call from the payer, or let it `grantKey` with a limit of at least `amount` (it is `limit` now, OPG, base
    /// units) and an end at or after `until` (it is `expiresAt` now, unix seconds).
    error SessionsKeyNotGranted(
        address payer,
        address key,
        uint256 amount,
        uint256 limit,
        uint256 until,
        uint256 expiresAt
    );

    /// @notice The version is not in the list that the payer has granted the key.
    /// @custom:fix Give the proof of the version in the OpenZeppelin `StandardMerkleTree` of `["bytes32"]` with this root.
    error SessionsVersionNotGranted(address key, bytes32 versionId, bytes32 versionsRoot);

    /// @notice Sets what a key may do in the caller's name, in place of what it could before. Sessions that it has opened go
    /// on; `close` ends each of them.
    /// @param key An account that signs with ECDSA.
    /// @param limit OPG that it can put into sessions from now on, base units; what comes back from them does not raise it. Zero
    /// revokes the key.
    /// @param expiresAt Unix seconds; no session of the key outlasts it.
    /// @param versionsRoot Root of the OpenZeppelin `StandardMerkleTree` over the version ids, `["bytes32"]` each; zero for
    /// any version.
    function grantKey(address key, uint96 limit, uint48 expiresAt, bytes32 versionsRoot) external;

    /// @notice What a key may still do in a payer's name.
    function grantOf(address payer, address key) external view returns (KeyGrant memory);
}
