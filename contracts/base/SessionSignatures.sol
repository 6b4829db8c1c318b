// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {CompactSignature, NodeConsent, SessionId} from "../types/SessionTypes.sol";

/// @title What payers and nodes sign about sessions, off chain
/// @dev Keys and signers are accounts, not contracts, so that a signature that was good when somebody worked for it is good
/// when it is shown.
abstract contract SessionSignatures is EIP712 {
    bytes32 private constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint128 maxClaimableAmount)");
    bytes32 private constant CONSENT_TYPEHASH = keccak256("SessionConsent(bytes32 sessionId,uint48 validUntil)");

    constructor() EIP712("OPG InferenceSessions", "1") {}

    function _voucherSigner(
        SessionId id,
        uint128 amount,
        CompactSignature calldata signature
    ) internal view returns (address) {
        return _signerOf(keccak256(abi.encode(VOUCHER_TYPEHASH, id, amount)), signature);
    }

    function _consentSigner(SessionId id, NodeConsent calldata consent) internal view returns (address) {
        return _signerOf(keccak256(abi.encode(CONSENT_TYPEHASH, id, consent.validUntil)), consent.signature);
    }

    /// @dev Zero where nobody has signed this.
    function _signerOf(bytes32 structHash, CompactSignature calldata signature) private view returns (address signer) {
        (signer, , ) = ECDSA.tryRecover(_hashTypedDataV4(structHash), signature.r, signature.vs);
    }
}
