// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {INodeStaking} from "../interfaces/INodeStaking.sol";
import {IResultCommitments} from "../interfaces/IResultCommitments.sol";
import {IStatementKeeper} from "../interfaces/IStatementKeeper.sol";
import {DisputeRecordLib} from "../libraries/DisputeRecordLib.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {PayloadLib} from "../libraries/PayloadLib.sol";
import {RankingLib} from "../libraries/RankingLib.sol";
import {StatementRecordLib} from "../libraries/StatementRecordLib.sol";
import {RoundId, StatementId, Transport} from "../types/CommitmentTypes.sol";
import {
    DisputeId,
    DisputeRecord,
    DisputeState,
    SHARER_PLACES,
    Sharer,
    Statement,
    StatementRecord,
    Verdict
} from "../types/DisputeTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {DisputeBalances} from "./DisputeBalances.sol";
import {DisputeNumbers} from "./DisputeNumbers.sol";
import {Ledger} from "./Ledger.sol";

/// @title What is known of statements and disputes
abstract contract DisputeVerdicts is DisputeBalances, DisputeNumbers {
    using DisputeRecordLib for DisputeRecord;
    using RankingLib for Sharer;
    using StatementRecordLib for StatementRecord;

    /// @inheritdoc IDisputeGame
    INodeStaking public immutable STAKING;
    /// @inheritdoc IDisputeGame
    IResultCommitments public immutable COMMITMENTS;

    mapping(StatementId statementId => StatementRecord) internal _statements;
    mapping(DisputeId disputeId => DisputeRecord) internal _records;
    mapping(StatementId statementId => Sharer[SHARER_PLACES]) internal _sharers;

    constructor(INodeStaking staking, IResultCommitments commitments) Ledger(staking.TOKEN()) {
        STAKING = staking;
        COMMITMENTS = commitments;
    }

    /// @inheritdoc IDisputeGame
    function verdictOf(StatementId statementId, uint256 endsAt) external view returns (Verdict) {
        StatementRecord statement = _statements[statementId];
        if (statement.isFalse()) return Verdict.False;
        if (endsAt == 0) revert DisputeNotDisputable(statementId);
        bool over = block.timestamp >= endsAt && statement.underWay() == 0;
        return over ? Verdict.Upheld : Verdict.Open;
    }

    /// @inheritdoc IDisputeGame
    function sharersOf(StatementId statementId) public view returns (address[] memory challengers, uint256 finalAt) {
        StatementRecord statement = _statements[statementId];
        if (!statement.isFalse()) return (challengers, 0);
        Sharer[SHARER_PLACES] memory others = _sharers[statementId];
        uint256 count;
        while (count < SHARER_PLACES && !others[count].isNone()) ++count;
        challengers = new address[](count + 1);
        challengers[0] = _records[statement.deciding()].account();
        for (uint256 i; i < count; ++i) challengers[i + 1] = others[i].account();
        return (challengers, statement.falseAt() + MONEY_CLOCK_FLOOR);
    }

    /// @inheritdoc IDisputeGame
    function finalSharersOf(StatementId statementId) external view returns (address[] memory challengers) {
        uint256 finalAt;
        (challengers, finalAt) = sharersOf(statementId);
        if (block.timestamp < finalAt) revert DisputeSharersNotFinal(statementId, finalAt);
    }

    /// @inheritdoc IDisputeGame
    function statementRecordOf(StatementId statementId) external view returns (StatementRecord) {
        return _statements[statementId];
    }

    /// @inheritdoc IDisputeGame
    function recordOf(DisputeId disputeId) external view returns (DisputeRecord) {
        return _records[disputeId];
    }

    /// @dev The statement's id, and until when it can be disputed. This is the one place that knows how a statement was made:
    /// another transport needs another proof of existence here, and changes nothing of what follows.
    function _disputable(Statement calldata statement) internal view returns (StatementId id, uint256 endsAt) {
        VersionId versionId = HashLib.versionId(statement.modelId, statement.version);
        RoundId roundId = HashLib.roundId(
            address(COMMITMENTS),
            statement.consumer,
            statement.jobId,
            statement.attempt,
            versionId,
            statement.inputRoot
        );
        id = HashLib.statementId(roundId, statement.node, statement.outputRoot);
        endsAt =
            statement.transport == Transport.Revealed
                ? COMMITMENTS.disputableUntil(roundId, statement.node, statement.outputRoot)
                : _keptUntil(statement.consumer, statement.jobId, id);
        if (endsAt == 0) revert DisputeNotDisputable(id);
    }

    /// @dev What a consumer says of a statement that it keeps. Zero if it is no contract, or does not answer as a keeper does:
    /// what nobody vouches for was not stated.
    function _keptUntil(address consumer, bytes32 jobId, StatementId id) private view returns (uint256) {
        bytes memory call = abi.encodeCall(IStatementKeeper.disputableUntil, (jobId, id));
        (bool success, bytes memory answer) = consumer.staticcall(call);
        return success && answer.length == 32 ? abi.decode(answer, (uint256)) : 0;
    }

    /// @dev Of an error there is neither a trace nor a word.
    function _checkNoError(Statement calldata statement) internal pure {
        if (PayloadLib.isError(statement.outputRoot)) revert DisputeErrorOutput(statement.outputRoot);
    }

    function _begin(StatementId statementId, DisputeId disputeId, DisputeState state, uint256 deadline) internal {
        StatementRecord statement = _statements[statementId];
        if (statement.isFalse()) revert DisputeDecided(statementId);
        if (!_records[disputeId].isUnknown()) revert DisputeExists(disputeId);
        _statements[statementId] = statement.oneMore();
        _records[disputeId] = DisputeRecordLib.begun(state, deadline);
    }

    /// @dev Makes the statement false. Who began gets back what it laid down.
    function _convict(
        StatementId statementId,
        DisputeId disputeId,
        DisputeState state,
        address account,
        uint256 amount
    ) internal {
        if (_statements[statementId].isFalse()) revert DisputeDecided(statementId);
        _statements[statementId] = StatementRecordLib.decided(disputeId);
        _end(statementId, disputeId, state, account, amount);
    }

    /// @dev One dispute less is under way.
    function _settle(StatementId statementId) internal {
        StatementRecord statement = _statements[statementId];
        if (statement.isFalse()) revert DisputeDecided(statementId);
        _statements[statementId] = statement.oneLess();
    }

    function _end(
        StatementId statementId,
        DisputeId disputeId,
        DisputeState state,
        address payee,
        uint256 paid
    ) internal {
        _records[disputeId] = DisputeRecordLib.ended(state, payee);
        _credit(payee, paid);
        emit DisputeEnded(statementId, disputeId, state, payee, paid);
    }

    function _checkOpen(DisputeId disputeId, DisputeRecord record) internal pure {
        if (record.isOver()) revert DisputeWrongState(disputeId, record.state());
    }

    function _checkInTime(DisputeId disputeId, DisputeRecord record) internal view {
        if (block.timestamp > record.deadline()) revert DisputeTooLate(disputeId, record.deadline());
    }
}
