// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {IReceiptBook} from "./interfaces/IReceiptBook.sol";
import {IResultCommitments} from "./interfaces/IResultCommitments.sol";
import {IStatementKeeper} from "./interfaces/IStatementKeeper.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {JobLib} from "./libraries/JobLib.sol";
import {SessionRulesLib} from "./libraries/SessionRulesLib.sol";
import {ShownReceiptLib} from "./libraries/ShownReceiptLib.sol";
import {RoundId, StatementId} from "./types/CommitmentTypes.sol";
import {AccountAmount} from "./types/JobTypes.sol";
import {Receipt, ReceiptProof, Session, SessionId, SessionRules, ShownReceipt} from "./types/SessionTypes.sol";

/// @title What nodes state off chain, as far as somebody shows it
contract ReceiptBook is EIP712, IReceiptBook {
    using JobLib for AccountAmount;
    using SessionRulesLib for SessionRules;
    using ShownReceiptLib for ShownReceipt;

    bytes32 private constant RECEIPT_TYPEHASH = keccak256(
        "Receipt(bytes32 sessionId,uint64 sequence,bytes32 versionId,bytes32 inputRoot,bytes32 outputRoot,uint96 price,uint48 issuedAt)"
    );

    /// @inheritdoc IReceiptBook
    INodeStaking public immutable STAKING;
    /// @inheritdoc IReceiptBook
    IResultCommitments public immutable COMMITMENTS;

    mapping(StatementId statementId => ShownReceipt) private _shown;

    /// @param staking Knows who signed for a node when.
    /// @param commitments Where batches are posted.
    constructor(INodeStaking staking, IResultCommitments commitments) EIP712("OPG ReceiptBook", "1") {
        STAKING = staking;
        COMMITMENTS = commitments;
    }

    /// @inheritdoc IReceiptBook
    function show(
        address sessions,
        Session calldata session,
        Receipt calldata receipt,
        ReceiptProof calldata proof
    ) external returns (StatementId statementId) {
        uint256 until;
        (statementId, until) = check(sessions, session, receipt, proof);
        ShownReceipt shown = _shown[statementId].with(until, receipt.price);
        _shown[statementId] = shown;
        emit ReceiptShown(receipt.sessionId, statementId, session.node.account(), receipt, shown.disputableUntil());
    }

    /// @inheritdoc IReceiptBook
    function shownOf(StatementId statementId) external view returns (ShownReceipt) {
        return _shown[statementId];
    }

    /// @inheritdoc IStatementKeeper
    function disputableUntil(bytes32, StatementId statementId) external view returns (uint256) {
        return _shown[statementId].disputableUntil();
    }

    /// @inheritdoc IReceiptBook
    function check(
        address sessions,
        Session calldata session,
        Receipt calldata receipt,
        ReceiptProof calldata proof
    ) public view returns (StatementId statementId, uint256 until) {
        SessionId expected = HashLib.sessionIdAt(sessions, session);
        if (SessionId.unwrap(receipt.sessionId) != SessionId.unwrap(expected)) {
            revert ReceiptsForeign(receipt.sessionId, expected);
        }
        address node = session.node.account();
        uint256 from = _madeAt(node, receipt, proof);
        until = from + session.rules.receiptHorizonPeriod();
        bool isDue = receipt.issuedAt <= from && from <= block.timestamp && block.timestamp < until;
        if (!isDue) revert ReceiptsOutOfTime(expected, from, until);
        statementId = statementIdOf(node, receipt);
    }

    /// @inheritdoc IReceiptBook
    function statementIdOf(address node, Receipt calldata receipt) public view returns (StatementId) {
        // A call is to its session what an attempt is to its job.
        RoundId roundId = HashLib.roundId(
            address(COMMITMENTS),
            address(this),
            SessionId.unwrap(receipt.sessionId),
            receipt.sequence,
            receipt.versionId,
            receipt.inputRoot
        );
        return HashLib.statementId(roundId, node, receipt.outputRoot);
    }

    /// @inheritdoc IReceiptBook
    function hashOf(Receipt calldata receipt) public pure returns (bytes32) {
        return keccak256(abi.encode(RECEIPT_TYPEHASH, receipt));
    }

    /// @dev When the node has made the receipt, unix seconds: when it says it did or, in a batch, when that was posted.
    function _madeAt(
        address node,
        Receipt calldata receipt,
        ReceiptProof calldata proof
    ) private view returns (uint256 time) {
        bytes32 hash = hashOf(receipt);
        address given;
        if (proof.batch.root == 0) {
            time = receipt.issuedAt;
            (given, , ) = ECDSA.tryRecover(_hashTypedDataV4(hash), proof.signature.r, proof.signature.vs);
        } else {
            time = COMMITMENTS.checkLeaf(proof.batch, proof.index, hash, proof.path);
            given = proof.batch.poster;
        }
        address expected = STAKING.signerAt(node, time);
        if (expected == address(0) || given != expected) revert ReceiptsNotSigned(receipt.sessionId, given, expected);
    }
}
