// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {ISessionKeys} from "../interfaces/ISessionKeys.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {KeyGrant} from "../types/SessionTypes.sol";

/// @title What payers let keys do
abstract contract SessionKeys is ISessionKeys {
    mapping(address payer => mapping(address key => KeyGrant)) private _grants;

    /// @inheritdoc ISessionKeys
    function grantKey(address key, uint96 limit, uint48 expiresAt, bytes32 versionsRoot) external {
        _grants[msg.sender][key] = KeyGrant(limit, expiresAt, versionsRoot);
        emit KeyGranted(msg.sender, key, limit, expiresAt, versionsRoot);
    }

    /// @inheritdoc ISessionKeys
    function grantOf(address payer, address key) external view returns (KeyGrant memory) {
        return _grants[payer][key];
    }

    /// @dev Lets the caller put `amount` of the payer's balance into a session that ends at `until`. A payer needs no grant.
    function _useGrant(
        address payer,
        VersionId versionId,
        uint256 until,
        uint256 amount,
        bytes32[] calldata proof
    ) internal {
        if (msg.sender == payer) return;
        KeyGrant storage grant = _grants[payer][msg.sender];
        uint256 limit = grant.limit;
        uint256 expiresAt = grant.expiresAt;
        if (amount > limit || until > expiresAt) {
            revert SessionsKeyNotGranted(payer, msg.sender, amount, limit, until, expiresAt);
        }
        bytes32 root = grant.versionsRoot;
        if (root != 0) _checkListed(root, versionId, proof);
        limit -= amount;
        grant.limit = uint96(limit); // below what it was
        emit KeySpent(payer, msg.sender, amount, limit);
    }

    function _checkListed(bytes32 root, VersionId versionId, bytes32[] calldata proof) private view {
        if (MerkleProof.verifyCalldata(proof, root, HashLib.versionLeaf(versionId))) return;
        revert SessionsVersionNotGranted(msg.sender, VersionId.unwrap(versionId), root);
    }
}
