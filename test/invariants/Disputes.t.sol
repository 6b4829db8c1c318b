// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DisputeGame} from "../../contracts/DisputeGame.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {StatementRecordLib} from "../../contracts/libraries/StatementRecordLib.sol";
import {Demand, DisputeRecord, DisputeState, StatementRecord, Verdict} from "../../contracts/types/DisputeTypes.sol";
import {DisputeHandler} from "./DisputeHandler.sol";
import {Measured} from "./Measured.sol";
import {Tally} from "./Tally.sol";
import {Toy} from "./Toy.sol";

/// @title What always holds of disputes, whatever nodes, challengers and strangers do
contract DisputeInvariants is Measured {
    using DisputeRecordLib for DisputeRecord;
    using StatementRecordLib for StatementRecord;

    error HardlyReached(DisputeState state, uint256 times);

    uint256 private constant MOST_CHANGES = 5;
    /// @dev Of a trace in groups.
    uint256 private constant MOST_CHANGES_IN_GROUPS = 7;

    DisputeHandler private _handler;
    DisputeGame private _disputes;

    function setUp() external {
        _handler = new DisputeHandler();
        _disputes = _handler.DISPUTES();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev The campaign below proves nothing about what it never does. [T118]
    function test_play_replacesRulesBetweenMoves() external {
        DisputeState[7] memory reached = [
            DisputeState.Entered,
            DisputeState.Laid,
            DisputeState.Answered,
            DisputeState.Picked,
            DisputeState.Shown,
            DisputeState.NodeLost,
            DisputeState.ChallengerLost
        ];
        uint256[7] memory times;
        for (uint256 round; round < 16; ++round) {
            DisputeHandler h = new DisputeHandler();
            _play(h, round);
            for (uint256 i; i < 7; ++i) times[i] += h.movesUnderReplacedRules(reached[i]);
        }
        for (uint256 i; i < 7; ++i) if (times[i] < 2) revert HardlyReached(reached[i], times[i]);
    }

    /// @dev [I05 I07 I22 I23 T061 T067 T118]
    /// forge-config: default.invariant.runs = 12
    /// forge-config: default.invariant.depth = 150
    function invariant_disputes() external {
        _handler.note();
        _checkMoney();
        for (uint256 i; i < _handler.statementCount(); ++i) _checkStatement(i);
        for (uint256 i; i < _handler.gameCount(); ++i) _checkGame(i);
    }

    function _play() internal view override returns (string memory, Tally) {
        return ("Disputes", _handler);
    }

    function _play(DisputeHandler h, uint256 round) private {
        bytes4[8] memory moves = [
            h.state.selector,
            h.challenge.selector,
            h.move.selector,
            h.move.selector,
            h.move.selector,
            h.end.selector,
            h.govern.selector,
            h.wait.selector
        ];
        for (uint256 i; i < 80; ++i) {
            uint256 random = uint256(keccak256(abi.encode(round, i)));
            (bool did, bytes memory given) = address(h).call(
                abi.encodePacked(moves[random % moves.length], random >> 8)
            );
            require(did, string(given));
        }
    }

    /// @dev Held is what is owed and what was given, to the unit; what came in went out, was burned, or is still there.
    function _checkMoney() private view {
        uint256 owed = _disputes.forfeited() + _disputes.balanceOf(_handler.NODE());
        for (uint256 i; i < 3; ++i) owed += _disputes.balanceOf(_handler.challengers(i));
        for (uint256 i; i < _handler.gameCount(); ++i) {
            (DisputeHandler.Played memory played, DisputeRecord record) = _handler.playedAt(i);
            if (!record.isOver()) owed += played.game.bond;
        }
        for (uint256 i; i < _handler.demandCount(); ++i) {
            (Demand memory demand, DisputeRecord record) = _handler.demandAt(i);
            if (!record.isOver()) owed += demand.price;
        }
        uint256 held = _handler.TOKEN().balanceOf(address(_disputes));
        require(held == owed + _handler.gifts(), "holds what it owes");
        require(owed == _handler.paidIn() - _handler.paidOut(), "in = out + held");
    }

    /// @dev One verdict, which never changes; upheld just when its window and all disputes are over, false
    /// only with a dispute that was lost, or with an input that shows it.
    function _checkStatement(uint256 i) private view {
        DisputeHandler.Stated memory made = _handler.statedAt(i);
        uint256 endsAt = _handler.disputableUntil(made.statement.jobId, made.id);
        Verdict verdict = _disputes.verdictOf(made.id, endsAt);
        require(made.verdict == Verdict.Open || made.verdict == verdict, "a verdict changed");
        StatementRecord record = _disputes.statementRecordOf(made.id);
        if (!record.isFalse()) {
            require(record.underWay() == _liveOf(i), "counts what is under way");
            bool over = block.timestamp >= endsAt && _liveOf(i) == 0;
            require((verdict == Verdict.Upheld) == over, "upheld");
        }
        require((verdict == Verdict.False) == record.isFalse(), "false");
        if (verdict != Verdict.False) return;
        DisputeState end = _disputes.recordOf(record.deciding()).state();
        bool lost = end == DisputeState.NodeLost || end == DisputeState.Withheld;
        require(lost || (end == DisputeState.Refuted && _handler.isMisfit(i)), "nothing decided");
    }

    function _liveOf(uint256 statement) private view returns (uint256 count) {
        for (uint256 i; i < _handler.gameCount(); ++i) {
            (DisputeHandler.Played memory played, DisputeRecord record) = _handler.playedAt(i);
            if (played.stated == statement && !record.isOver()) ++count;
        }
        bytes32 id = keccak256(abi.encode(_handler.statedAt(statement).id));
        for (uint256 i; i < _handler.demandCount(); ++i) {
            (Demand memory demand, DisputeRecord record) = _handler.demandAt(i);
            if (keccak256(abi.encode(demand.statementId)) == id && !record.isOver()) ++count;
        }
    }

    /// @dev At most five changes, or seven in groups, one end, and a judgement only against who lied.
    function _checkGame(uint256 i) private view {
        (DisputeHandler.Played memory played, DisputeRecord record) = _handler.playedAt(i);
        uint256 most = played.inGroups ? MOST_CHANGES_IN_GROUPS : MOST_CHANGES;
        require(played.changes <= most, "too many moves");
        require(played.end == DisputeState.None || played.end == record.state(), "an end changed");
        if (!played.judged || _handler.isMisfit(played.stated)) return;
        // Who names a later step takes the tensors before it as the challenger laid them down, lies and all.
        Toy toy = _handler.TOY();
        uint256 right = toy.firstUnlike(0, played.kind) < played.step ? played.kind : 0;
        bytes32 laid = toy.rootAt(played.answered, played.step);
        require(laid != toy.rootAt(right, played.step), "a right tensor was convicted");
        require(_handler.statedAt(played.stated).kind != 0, "an honest node was convicted");
    }
}
