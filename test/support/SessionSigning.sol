// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    NodeConsent,
    Receipt,
    ReceiptProof,
    Redemption,
    SESSION_TAG,
    Session,
    SessionId
} from "../../contracts/types/SessionTypes.sol";
import {SuiteAdmin} from "./SuiteAdmin.sol";

/// @title What payers and nodes sign about sessions
abstract contract SessionSigning is SuiteAdmin {
    bytes32 private constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint128 maxClaimableAmount)");
    bytes32 private constant AGREEMENT_TYPEHASH = keccak256("SessionConsent(bytes32 sessionId,uint48 validUntil)");

    function _sessionIdOf(Session memory session) internal view returns (SessionId) {
        return SessionId.wrap(keccak256(abi.encode(SESSION_TAG, block.chainid, SESSIONS, session)));
    }

    /// @dev What a session's key signs.
    function _voucher(
        Session memory session,
        uint128 amount,
        uint256 key
    ) internal view returns (Redemption memory redemption) {
        bytes32 message = keccak256(abi.encode(VOUCHER_TYPEHASH, _sessionIdOf(session), amount));
        (redemption.session, redemption.amount) = (session, amount);
        redemption.signature = _compact(_sign(key, "OPG InferenceSessions", address(SESSIONS), message));
    }

    /// @dev What a node's signer signs before a session is opened.
    function _agree(
        Session memory session,
        uint48 validUntil,
        uint256 key
    ) internal view returns (NodeConsent memory consent) {
        bytes32 message = keccak256(abi.encode(AGREEMENT_TYPEHASH, _sessionIdOf(session), validUntil));
        consent.validUntil = validUntil;
        consent.signature = _compact(_sign(key, "OPG InferenceSessions", address(SESSIONS), message));
    }

    /// @dev What a node's signer signs with an answer.
    function _attest(Receipt memory receipt, uint256 key) internal view returns (ReceiptProof memory proof) {
        proof.signature = _compact(_sign(key, "OPG ReceiptBook", address(RECEIPTS), RECEIPTS.hashOf(receipt)));
    }
}
