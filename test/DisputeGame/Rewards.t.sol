// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {
    Demand,
    DisputeId,
    DisputeRecord,
    DisputeState,
    Game,
    Statement,
    Verdict
} from "../../contracts/types/DisputeTypes.sol";
import {DisputeStage} from "../support/DisputeStage.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @title What becomes of the games that are left when one has decided
contract RewardsTest is DisputeStage {
    using DisputeRecordLib for DisputeRecord;

    uint256 private constant FLOOR = 5;
    uint256 private constant RESPOND = 20;

    function setUp() external {
        for (uint160 i; i < 6; ++i) _fund(_challenger(i));
    }

    function test_close_needsAVerdict() external {
        Statement memory statement = _stated(1);
        Game memory game = _challenge(CHALLENGER, statement, 0);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeNotDecided.selector, game.statementId);
        _refuse(OTHER, abi.encodeCall(IDisputeGame.close, (game, game)), refusal);
        (address[] memory sharers, uint256 finalAt) = DISPUTES.sharersOf(game.statementId);
        require(sharers.length == 0 && finalAt == 0, "nobody yet");
    }

    /// @dev No other game than the deciding one says who was right [T063].
    function testFuzz_close_looksAtTheDecidingGame(uint256 rank) external {
        Statement memory statement = _stated(1);
        Game memory first = _challenge(CHALLENGER, statement, 0);
        Game memory second = _challenge(OTHER, statement, 0);
        _decide(first);
        DisputeId expected = _gameId(first);
        VM.assume(rank != first.rank);
        first.rank = rank;
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeNotDeciding.selector,
            _gameId(first),
            expected
        );
        _refuse(OTHER, abi.encodeCall(IDisputeGame.close, (second, first)), refusal);
    }

    /// @dev Every right challenger gets its bond back; the first three by rank share, whoever is closed first [T063 I23].
    function testFuzz_close_letsTheEarliestShare(uint256 order, bool wrong) external {
        Statement memory statement = _stated(1);
        Game[] memory games = new Game[](5);
        uint256 first = block.number;
        for (uint160 i; i < 5; ++i) {
            VM.roll(first + i);
            games[i] = _challenge(_challenger(i), statement, wrong && i == 1 ? 2 : 0);
        }
        Game memory deciding = _challenge(CHALLENGER, statement, 0);
        _decide(deciding);
        for (uint256 left = 5; left > 0; --left) {
            uint256 place = order % left;
            order /= 5;
            Game memory game = games[place];
            games[place] = games[left - 1];
            uint256 before = DISPUTES.balanceOf(game.challenger);
            _accept(OTHER, abi.encodeCall(IDisputeGame.close, (game, deciding)));
            require(DISPUTES.balanceOf(game.challenger) == before + game.bond, "bond");
            require(DISPUTES.recordOf(_gameId(game)).state() == DisputeState.Moot, "moot");
        }
        (address[] memory sharers, ) = DISPUTES.sharersOf(deciding.statementId);
        require(sharers.length == 4 && sharers[0] == CHALLENGER, "four");
        require(sharers[1] == _challenger(0) && sharers[2] == _challenger(wrong ? 2 : 1), "by rank");
        require(sharers[3] == _challenger(wrong ? 3 : 2), "by rank");
    }

    /// @dev When the list is final, nobody enters it any more [T063 T067].
    function testFuzz_close_sharesInTime(uint256 late) external {
        Statement memory statement = _stated(1);
        Game memory first = _challenge(CHALLENGER, statement, 0);
        Game memory second = _challenge(OTHER, statement, 0);
        Game memory third = _challenge(_challenger(1), statement, 0);
        _decide(first);
        (, uint256 finalAt) = DISPUTES.sharersOf(first.statementId);
        require(finalAt == NOW + RESPOND + 1 + FLOOR, "final");
        VM.warp(finalAt - 1);
        _accept(OTHER, abi.encodeCall(IDisputeGame.close, (second, first)));
        VM.warp(late % 2 == 0 ? finalAt : bound(late, finalAt, finalAt + 1 days));
        _accept(OTHER, abi.encodeCall(IDisputeGame.close, (third, third)));
        (address[] memory sharers, ) = DISPUTES.sharersOf(first.statementId);
        require(sharers.length == 2 && sharers[1] == OTHER, "two");
        require(DISPUTES.balanceOf(_challenger(1)) == FORTUNE, "bond");
    }

    /// @dev Who pays the sharers is not told who they are before they are final.
    function testFuzz_finalSharersOf_waits(uint256 early) external {
        Statement memory statement = _stated(1);
        bytes memory call = abi.encodeCall(IDisputeGame.finalSharersOf, (_idOf(statement)));
        (, bytes memory given) = address(DISPUTES).staticcall(call);
        require(abi.decode(given, (address[])).length == 0, "nobody yet");
        Game memory game = _challenge(CHALLENGER, statement, 0);
        _decide(game);
        uint256 finalAt = block.timestamp + FLOOR;
        VM.warp(early % 2 == 0 ? finalAt - 1 : bound(early, block.timestamp, finalAt - 1));
        bytes4 refusal = IDisputeGame.DisputeSharersNotFinal.selector;
        _refuse(OTHER, call, abi.encodeWithSelector(refusal, game.statementId, finalAt));
        VM.warp(finalAt);
        address[] memory sharers = DISPUTES.finalSharersOf(game.statementId);
        require(sharers.length == 1 && sharers[0] == CHALLENGER, "the challenger");
    }

    /// @dev A demand is decided without a trace, so whose demand it was has all [T055].
    function test_close_afterADemandSharesNothing() external {
        Statement memory statement = _stated(1);
        Game memory game = _challenge(CHALLENGER, statement, 0);
        Demand memory made = _demanded(statement, 0, 1);
        VM.warp(made.deadline + 1);
        _accept(CHALLENGER, abi.encodeCall(IDisputeGame.reclaim, (made)));
        require(_verdictOf(statement) == Verdict.False, "false");
        _accept(CHALLENGER, abi.encodeCall(IDisputeGame.close, (game, game)));
        (address[] memory sharers, ) = DISPUTES.sharersOf(game.statementId);
        require(sharers.length == 1 && sharers[0] == OTHER, "alone");
        require(DISPUTES.balanceOf(OTHER) == FORTUNE && DISPUTES.balanceOf(CHALLENGER) == FORTUNE, "back");
    }

    /// @dev One verdict: what another dispute decided, no late game and no demand decides again, or loses [T067 I05 I07].
    function test_verdict_isGivenOnce() external {
        Statement memory statement = _stated(1);
        Game memory first = _challenge(CHALLENGER, statement, 0);
        Game memory second = _challenge(OTHER, statement, 0);
        Game memory third = _challenge(_challenger(1), statement, 2);
        _accept(NODE, abi.encodeCall(IDisputeGame.respond, (third, TOY.proof(2, 0), TOY.nodes(1, 0))));
        Demand memory made = _demanded(statement, 0, 1);
        VM.warp(NOW + RESPOND + 1);
        _accept(OTHER, abi.encodeCall(IDisputeGame.timeout, (first)));

        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeDecided.selector, first.statementId);
        _refuse(OTHER, abi.encodeCall(IDisputeGame.timeout, (second)), refusal);
        _refuse(OTHER, abi.encodeCall(IDisputeGame.timeout, (third)), refusal);
        VM.warp(made.deadline);
        _refuse(NODE, abi.encodeCall(IDisputeGame.supply, (made, TOY.supply(1))), refusal);
        _accept(NODE, abi.encodeCall(IDisputeGame.reclaim, (made)));
        require(DISPUTES.recordOf(_demandId(made)).state() == DisputeState.Moot, "moot");
        require(DISPUTES.balanceOf(OTHER) == FORTUNE - second.bond, "price back");
    }

    /// @dev The node lets its clock run out.
    function _decide(Game memory game) private {
        VM.warp(NOW + RESPOND + 1);
        _accept(OTHER, abi.encodeCall(IDisputeGame.timeout, (game)));
    }

    function _challenger(uint160 i) private pure returns (address) {
        return address(0xc4b0 + i);
    }
}
