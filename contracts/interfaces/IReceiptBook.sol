// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {StatementId} from "../types/CommitmentTypes.sol";
import {Receipt, ReceiptProof, Session, SessionId, ShownReceipt} from "../types/SessionTypes.sol";
import {INodeStaking} from "./INodeStaking.sol";
import {IResultCommitments} from "./IResultCommitments.sol";
import {IStatementKeeper} from "./IStatementKeeper.sol";

/// @title What nodes state off chain, as far as somebody shows it
/// @notice A *receipt* is a node's statement about one call of a session: signed alone, or as a leaf of a batch that the node's
/// signer has posted. Whoever has one can show it here, and from then on it can be disputed in DisputeGame like any other
/// statement: with this contract as consumer, the session's id as job, the sequence number as attempt, and
/// `Transport.Direct`. The contract knows who signed for a node when; it holds no tokens and decides nothing.
/// @dev The session's id is signed with the receipt, and commits to chain, contract, node and rules of the session: whoever
/// keeps that session's money reads here what was shown.
interface IReceiptBook is IStatementKeeper {
    /// @notice A receipt can be disputed as `statementId` until `disputableUntil` (unix seconds, exclusive).
    event ReceiptShown(
        SessionId indexed sessionId,
        StatementId indexed statementId,
        address indexed node,
        Receipt receipt,
        uint256 disputableUntil
    );

    /// @notice The receipt is of another session.
    /// @custom:fix Give the session that the receipt names, and the contract that keeps it.
    error ReceiptsForeign(SessionId given, SessionId expected);

    /// @notice The receipt is from the future, or too old to be disputed.
    /// @custom:fix Show a receipt from `from` on (unix seconds: when it was issued, or its batch posted) and before `until`.
    error ReceiptsOutOfTime(SessionId sessionId, uint256 from, uint256 until);

    /// @notice Who was the node's signer when the receipt was made has not made it.
    /// @custom:fix Show the receipt as the node has signed it, or a batch that `expected` has posted; zero means that the node
    /// had no signer then.
    error ReceiptsNotSigned(SessionId sessionId, address given, address expected);

    /// @notice Shows a receipt, so that it can be disputed.
    /// @dev Shown again, the later time and the higher price count: a node could show an older twin of what it gave away.
    /// @param sessions The contract that keeps the session.
    /// @param session The session.
    /// @param receipt What the node has stated.
    /// @param proof That the node has.
    /// @return statementId The statement.
    /// @custom:caller Anyone.
    function show(
        address sessions,
        Session calldata session,
        Receipt calldata receipt,
        ReceiptProof calldata proof
    ) external returns (StatementId statementId);

    /// @notice Reverts unless a node has made a receipt, and it can still be disputed.
    /// @param sessions The contract that keeps the session.
    /// @param session The session.
    /// @param receipt What the node has stated.
    /// @param proof That the node has.
    /// @return statementId The statement.
    /// @return until When it can be disputed no more, unix seconds, exclusive: the horizon of the session's rules after it was
    /// issued or, in a batch, posted.
    function check(
        address sessions,
        Session calldata session,
        Receipt calldata receipt,
        ReceiptProof calldata proof
    ) external view returns (StatementId statementId, uint256 until);

    /// @notice What is known of a receipt that was shown; zero if it was not.
    function shownOf(StatementId statementId) external view returns (ShownReceipt);

    /// @notice The statement that a node makes with a receipt.
    function statementIdOf(address node, Receipt calldata receipt) external view returns (StatementId);

    /// @notice The EIP-712 hash of a receipt as a struct: what a leaf of a batch holds.
    function hashOf(Receipt calldata receipt) external pure returns (bytes32);

    /// @notice Knows who signed for a node when.
    function STAKING() external view returns (INodeStaking);

    /// @notice Where batches are posted, and whose ids statements have.
    function COMMITMENTS() external view returns (IResultCommitments);
}
