// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {INodeStaking} from "../interfaces/INodeStaking.sol";
import {Node, StakingParameters} from "../types/StakingTypes.sol";

/// @title Who owns a node, and who acts for it
abstract contract NodeKeys is EIP712, Nonces, INodeStaking {
    using Checkpoints for Checkpoints.Trace160;

    bytes32 private constant CONSENT_TYPEHASH = keccak256("SignerConsent(address node,address signer,uint256 nonce)");

    StakingParameters internal _parameters;
    /// @dev A node's books are one struct, so that a draw reads its signer and its stake in one slot.
    mapping(address node => Node) internal _nodes;
    mapping(address signer => address node) private _nodeOf;

    modifier onlyNodeOwner(address node) {
        address owner = _nodes[node].owner;
        if (msg.sender != owner) revert StakingNotNodeOwner(node, msg.sender, owner);
        _;
    }

    /// @inheritdoc INodeStaking
    function setMetadataURI(address node, string calldata metadataURI) external onlyNodeOwner(node) {
        _nodes[node].metadataURI = metadataURI;
        emit NodeMetadataSet(node, metadataURI);
    }

    /// @inheritdoc INodeStaking
    function proposeOwner(address node, address nextOwner) external onlyNodeOwner(node) {
        _nodes[node].nextOwner = nextOwner;
        emit NodeTransferProposed(node, msg.sender, nextOwner);
    }

    /// @inheritdoc INodeStaking
    function acceptOwnership(address node) external {
        Node storage self = _nodes[node];
        address nextOwner = self.nextOwner;
        if (msg.sender != nextOwner) revert StakingNotNextOwner(node, msg.sender, nextOwner);

        address from = self.owner;
        self.owner = msg.sender;
        self.nextOwner = address(0);
        emit NodeTransferred(node, from, msg.sender);
    }

    /// @inheritdoc INodeStaking
    function proposeSigner(address node, address signer, bytes calldata consent) external onlyNodeOwner(node) {
        _dropNextSigner(node);
        _claimSigner(node, signer, consent);
        uint48 effectiveAt = uint48(block.timestamp + _parameters.signerRotationPeriod);
        _nodes[node].nextSigner = signer;
        _nodes[node].nextSignerAt = effectiveAt;
        emit SignerProposed(node, signer, effectiveAt);
    }

    /// @inheritdoc INodeStaking
    function activateSigner(address node) external {
        Node storage self = _nodes[node];
        uint48 effectiveAt = self.nextSignerAt;
        if (effectiveAt == 0 || block.timestamp < effectiveAt) revert StakingSignerNotDue(node, effectiveAt);

        address signer = self.nextSigner;
        self.nextSigner = address(0);
        self.nextSignerAt = 0;
        _setSigner(node, signer);
    }

    /// @inheritdoc INodeStaking
    function revokeSigner(address node) external onlyNodeOwner(node) {
        _dropNextSigner(node);
        _setSigner(node, address(0));
    }

    /// @inheritdoc INodeStaking
    function ownerOf(address node) external view returns (address owner, address nextOwner) {
        return (_nodes[node].owner, _nodes[node].nextOwner);
    }

    /// @inheritdoc INodeStaking
    function signerOf(address node) external view returns (address signer, address nextSigner, uint256 nextAt) {
        Node storage self = _nodes[node];
        return (self.standing.signer, self.nextSigner, self.nextSignerAt);
    }

    /// @inheritdoc INodeStaking
    function signerAt(address node, uint256 time) external view returns (address) {
        return address(_nodes[node].signers.upperLookupRecent(uint96(time)));
    }

    /// @inheritdoc INodeStaking
    function isOperator(address node, address account) external view returns (bool) {
        return account == _nodes[node].owner || account == _nodes[node].standing.signer;
    }

    /// @inheritdoc INodeStaking
    function nodeOf(address signer) external view returns (address) {
        return _nodeOf[signer];
    }

    /// @inheritdoc INodeStaking
    function metadataURIOf(address node) external view returns (string memory) {
        return _nodes[node].metadataURI;
    }

    /// @inheritdoc INodeStaking
    function nonces(address signer) public view override(INodeStaking, Nonces) returns (uint256) {
        return super.nonces(signer);
    }

    /// @dev Reserves a signer for a node, on the strength of the signer's own signature.
    function _claimSigner(address node, address signer, bytes calldata consent) internal {
        if (signer == address(0) || _nodeOf[signer] != address(0)) revert StakingSignerTaken(signer, _nodeOf[signer]);
        uint256 nonce = _useNonce(signer);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CONSENT_TYPEHASH, node, signer, nonce)));
        (address recovered, , ) = ECDSA.tryRecoverCalldata(digest, consent);
        if (recovered != signer) revert StakingBadConsent(node, signer, nonce);
        _nodeOf[signer] = node;
    }

    function _dropNextSigner(address node) private {
        Node storage self = _nodes[node];
        if (self.nextSignerAt == 0) return;
        _nodeOf[self.nextSigner] = address(0);
        self.nextSigner = address(0);
        self.nextSignerAt = 0;
    }

    /// @dev Lets go of the present signer, if there is one, and puts another, or none, in its place.
    function _setSigner(address node, address signer) internal {
        Node storage self = _nodes[node];
        _nodeOf[self.standing.signer] = address(0);
        self.standing.signer = signer;
        self.signers.push(uint96(block.timestamp), uint160(signer));
        emit SignerActivated(node, signer);
    }
}
