// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {DisputeRecordLib} from "../libraries/DisputeRecordLib.sol";
import {GameRulesLib} from "../libraries/GameRulesLib.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {StatementRecordLib} from "../libraries/StatementRecordLib.sol";
import {SupplyLib} from "../libraries/SupplyLib.sol";
import {StatementId} from "../types/CommitmentTypes.sol";
import {
    Demand,
    DisputeId,
    DisputeRecord,
    DisputeState,
    GameRules,
    PayloadSide,
    Statement,
    StatementRecord,
    Supply
} from "../types/DisputeTypes.sol";
import {DisputeVerdicts} from "./DisputeVerdicts.sol";

/// @title Words of statements that nodes hold back
abstract contract DisputeDemands is DisputeVerdicts {
    using DisputeRecordLib for DisputeRecord;
    using GameRulesLib for GameRules;
    using StatementRecordLib for StatementRecord;

    uint256 private constant MOST_WORDS = 1_024;

    /// @inheritdoc IDisputeGame
    function demand(
        Statement calldata statement,
        PayloadSide side,
        uint256 tensor,
        uint256 firstWord,
        uint256 count
    ) external returns (DisputeId demandId) {
        GameRulesLib.within("count", count, 1, MOST_WORDS);
        _checkNoError(statement);
        (StatementId statementId, uint256 endsAt) = _disputable(statement);
        GameRules rules = _rules;
        uint256 deadline = block.timestamp + rules.demandPeriod();
        if (deadline + MONEY_CLOCK_FLOOR > endsAt) revert DisputeWindowOver(statementId, endsAt);

        Demand memory made = Demand({
            statementId: statementId,
            root: side == PayloadSide.Input ? statement.inputRoot : statement.outputRoot,
            node: statement.node,
            payer: msg.sender,
            price: rules.supplyPrice(count),
            tensor: tensor,
            firstWord: firstWord,
            count: count,
            deadline: deadline
        });
        demandId = HashLib.demandIdOfMemory(made);
        _debit(msg.sender, made.price);
        _begin(statementId, demandId, DisputeState.Demanded, deadline);
        emit WordsDemanded(statementId, demandId, made.node, made);
    }

    /// @inheritdoc IDisputeGame
    function supply(Demand calldata demand_, Supply calldata supply_) external {
        (DisputeId demandId, DisputeRecord record) = _loadDemand(demand_);
        _checkInTime(demandId, record);
        SupplyLib.check(demand_, supply_);

        _settle(demand_.statementId);
        emit WordsSupplied(demandId, supply_);
        (address owner, ) = STAKING.ownerOf(demand_.node);
        _end(demand_.statementId, demandId, DisputeState.Supplied, owner, demand_.price);
    }

    /// @inheritdoc IDisputeGame
    function reclaim(Demand calldata demand_) external {
        (DisputeId demandId, DisputeRecord record) = _loadDemand(demand_);
        if (_statements[demand_.statementId].isFalse()) {
            _end(demand_.statementId, demandId, DisputeState.Moot, demand_.payer, demand_.price);
            return;
        }
        if (block.timestamp <= record.deadline()) revert DisputeClockRunning(demandId, record.deadline());
        _convict(demand_.statementId, demandId, DisputeState.Withheld, demand_.payer, demand_.price);
    }

    function _loadDemand(Demand calldata demand_) private view returns (DisputeId demandId, DisputeRecord record) {
        demandId = HashLib.demandId(demand_);
        record = _records[demandId];
        if (record.isUnknown()) revert DisputeUnknown(demandId);
        _checkOpen(demandId, record);
    }
}
