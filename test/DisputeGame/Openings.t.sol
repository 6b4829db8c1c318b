// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {Transport} from "../../contracts/types/CommitmentTypes.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {StatementRecordLib} from "../../contracts/libraries/StatementRecordLib.sol";
import {
    Answer,
    DisputeId,
    DisputeRecord,
    DisputeState,
    Game,
    Statement,
    StatementRecord,
    Verdict
} from "../../contracts/types/DisputeTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {DisputeStage} from "../support/DisputeStage.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @title What can be disputed, by whom and until when
contract OpeningsTest is DisputeStage {
    using DisputeRecordLib for DisputeRecord;
    using StatementRecordLib for StatementRecord;

    /// @dev A challenge takes the bond, and nothing but the bond.
    function testFuzz_challenge_takesTheBond(uint256 lie, uint256 trace, uint256 when) external {
        (lie, trace) = _unlike(lie, trace);
        Statement memory statement = _stated(lie);
        VM.warp(bound(when, NOW, NOW + WINDOW - 1));
        uint256 before = DISPUTES.balanceOf(CHALLENGER);
        Game memory game = _challenge(CHALLENGER, statement, trace);
        DisputeRecord record = DISPUTES.recordOf(_gameId(game));
        require(record.state() == DisputeState.Asked && record.deadline() == block.timestamp + 20, "record");
        require(DISPUTES.statementRecordOf(game.statementId).underWay() == 1, "under way");
        require(before - DISPUTES.balanceOf(CHALLENGER) == DISPUTES.bond(), "bond");
    }

    /// @dev The window ends to the second, for every kind of dispute [T066].
    function testFuzz_challenge_comesInTheWindow(uint256 late) external {
        Statement memory statement = _stated(1);
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWindowOver.selector,
            _idOf(statement),
            NOW + WINDOW
        );
        VM.warp(bound(late, NOW + WINDOW, NOW + 1 days));
        _refuse(CHALLENGER, _challengeCall(statement, 0, 0), refusal);
        VM.warp(NOW + WINDOW);
        _refuse(CHALLENGER, _challengeCall(statement, 0, 0), refusal);
        require(_verdictOf(statement) == Verdict.Upheld, "upheld");
        VM.warp(NOW + WINDOW - 1);
        require(_verdictOf(statement) == Verdict.Open, "open");
        _accept(CHALLENGER, _challengeCall(statement, 0, 0));
    }

    /// @dev While a game goes on, no window's end upholds anything [T061 I22].
    function testFuzz_verdictOf_waitsForGames(uint256 when) external {
        Statement memory statement = _stated(0);
        VM.warp(NOW + WINDOW - 1);
        Game memory game = _challenge(CHALLENGER, statement, 1);
        VM.warp(bound(when, NOW + WINDOW, NOW + WINDOW + 19));
        require(_verdictOf(statement) == Verdict.Open, "open");
        _accept(NODE, abi.encodeCall(IDisputeGame.respond, (game, TOY.proof(1, 0), TOY.nodes(0, 0))));
        VM.warp(block.timestamp + 21);
        _accept(OTHER, abi.encodeCall(IDisputeGame.timeout, (game)));
        require(_verdictOf(statement) == Verdict.Upheld, "upheld");
    }

    /// @dev An error has no trace and no words.
    function testFuzz_errors_haveNoTrace(uint8 fault) external {
        Statement memory statement = _statementOf(0, "job");
        statement.outputRoot = COMMITMENTS.rootOf(PayloadError(bound(fault, 1, 3)), "");
        _state(statement);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeErrorOutput.selector, statement.outputRoot);
        _refuse(CHALLENGER, _challengeCall(statement, 1, 0), refusal);
        _refuse(CHALLENGER, _demandCall(statement, 0, 1), refusal);
    }

    /// @dev What nobody stated cannot be disputed, whichever part of it is another [T068].
    function testFuzz_challenge_needsAStatement(uint8 part, bytes32 salt) external {
        Statement memory statement = _stated(1);
        part = uint8(bound(part, 0, 7));
        if (part == 0) statement.consumer = address(uint160(uint256(salt)));
        if (part == 1) statement.jobId = salt;
        if (part == 2) statement.attempt = uint256(salt) | 1;
        if (part == 3) statement.version.artifactDigest = salt;
        if (part == 4) statement.inputRoot = salt;
        if (part == 5) statement.node = address(uint160(uint256(salt)));
        if (part == 6) statement.outputRoot = salt;
        if (part == 7) statement.transport = Transport.Revealed;
        VM.assume(salt != 0);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeNotDisputable.selector, _idOf(statement));
        _refuse(CHALLENGER, _challengeCall(statement, 0, 0), refusal);
        _refuse(CHALLENGER, _demandCall(statement, 0, 1), refusal);
        bytes memory verdictCall = abi.encodeCall(IDisputeGame.verdictOf, (_idOf(statement), 0));
        _refuse(CHALLENGER, verdictCall, refusal);
    }

    function testFuzz_challenge_needsAReferee(bytes32 profile) external {
        VM.assume(profile != TOY.PROFILE());
        Statement memory statement = _statementOf(1, "job");
        statement.version.profile = profile;
        _state(statement);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeNoReferee.selector, profile);
        _refuse(CHALLENGER, _challengeCall(statement, 0, 0), refusal);
    }

    /// @dev [T070]
    function testFuzz_challenge_isAboutTheVersionsGraph(bytes32 graphRoot) external {
        VM.assume(graphRoot != TOY.graphRoot());
        Statement memory statement = _statementOf(1, "job");
        statement.version.graphRoot = graphRoot;
        _state(statement);
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWrongGraph.selector,
            TOY.graphRoot(),
            graphRoot
        );
        _refuse(CHALLENGER, _challengeCall(statement, 0, 0), refusal);
    }

    /// @dev [T070]
    function testFuzz_challenge_saysOtherwise(uint256 kind) external {
        kind = bound(kind, 0, 3);
        Statement memory statement = _stated(kind);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeSameOutput.selector, statement.outputRoot);
        _refuse(CHALLENGER, _challengeCall(statement, kind, 0), refusal);
    }

    function testFuzz_challenge_isPaidByWhoCalls(address caller) external {
        VM.assume(caller != CHALLENGER && caller != OTHER);
        Statement memory statement = _stated(1);
        bytes memory refusal = abi.encodeWithSelector(
            ILedger.LedgerInsufficientBalance.selector,
            caller,
            0,
            DISPUTES.bond()
        );
        _refuse(caller, _challengeCall(statement, 0, 0), refusal);
    }

    function test_challenge_isOnceInASecond() external {
        Statement memory statement = _stated(1);
        Game memory game = _challenge(CHALLENGER, statement, 0);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeExists.selector, _gameId(game));
        _refuse(CHALLENGER, _challengeCall(statement, 0, 0), refusal);
        VM.warp(NOW + 1);
        _challenge(CHALLENGER, statement, 0);
        require(DISPUTES.statementRecordOf(game.statementId).underWay() == 2, "under way");
    }

    /// @dev What is false is not disputed again [T067 I07].
    function testFuzz_challenge_isOverWithTheVerdict(uint256 when) external {
        Statement memory statement = _stated(1);
        Game memory game = _challenge(CHALLENGER, statement, 0);
        VM.warp(NOW + 21);
        _accept(OTHER, abi.encodeCall(IDisputeGame.timeout, (game)));
        require(_verdictOf(statement) == Verdict.False, "false");
        VM.warp(bound(when, NOW + 21, NOW + WINDOW - 1));
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeDecided.selector, game.statementId);
        _refuse(OTHER, _challengeCall(statement, 0, 0), refusal);
        VM.warp(NOW + 21);
        _refuse(OTHER, _demandCall(statement, 0, 1), refusal);
    }

    /// @dev A seal is made once, is no use in its own block, and ranks the challenge that opens it, which is the challenger's
    /// own [T063].
    function testFuzz_seal_ranks(bytes32 salt, bytes32 commitment, uint8 blocks) external {
        VM.assume(salt != 0 && commitment != 0);
        Statement memory statement = _stated(1);
        _seal(0, _taken(0));
        bytes32 made = _sealOf(CHALLENGER, statement, salt);
        bytes memory call = _challengeCall(statement, 0, salt);
        _refuse(CHALLENGER, call, _notSealed(made));
        _accept(CHALLENGER, abi.encodeCall(IDisputeGame.seal, (made)));
        _seal(made, _taken(made));
        _refuse(CHALLENGER, call, _notSealed(made));

        uint256 rank = block.number;
        VM.roll(rank + 1 + blocks);
        _refuse(OTHER, call, _notSealed(_sealOf(OTHER, statement, salt)));
        _accept(CHALLENGER, call);
        DisputeId id = _gameId(_gameOf(CHALLENGER, statement, 0, rank));
        require(DISPUTES.recordOf(id).state() == DisputeState.Asked, "rank");
        require(DISPUTES.sealedInBlock(made) == rank, "block");
    }

    /// @dev No move takes a game or demand that is not there, whatever of it is another [T068].
    function testFuzz_moves_needTheirGame(uint8 part, bytes32 salt) external {
        Game memory game = _challenge(CHALLENGER, _stated(1), 0);
        part = uint8(bound(part, 0, 5));
        VM.assume(salt != 0);
        if (part == 0) game.inputRoot = salt;
        if (part == 1) game.challenger = address(uint160(uint256(salt)));
        if (part == 2) game.bond += uint256(salt) >> 1;
        if (part == 3) game.rank += uint256(salt) >> 1;
        if (part == 4) game.traceRoot = salt;
        if (part == 5) game.outputRoot = salt;
        VM.assume(DISPUTES.recordOf(_gameId(game)).isUnknown());
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeUnknown.selector, _gameId(game));
        bytes[] memory calls = new bytes[](8);
        Answer memory answer = TOY.answer(1, 0);
        bytes32[] memory none;
        calls[0] = abi.encodeCall(IDisputeGame.respond, (game, TOY.proof(0, 0), TOY.nodes(1, 0)));
        calls[1] = abi.encodeCall(IDisputeGame.pick, (game, 0));
        calls[2] = abi.encodeCall(IDisputeGame.reveal, (game, answer, none, none));
        calls[3] = abi.encodeCall(IDisputeGame.judge, (game, answer.depth, TOY.caseAgainst(1, 0, 0, 0)));
        calls[4] = abi.encodeCall(IDisputeGame.timeout, (game));
        calls[5] = abi.encodeCall(IDisputeGame.close, (game, game));
        calls[6] = abi.encodeCall(IDisputeGame.enter, (game, 0));
        calls[7] = abi.encodeCall(IDisputeGame.lay, (game, none, none));
        for (uint256 i; i < calls.length; ++i) _refuse(NODE, calls[i], refusal);
    }

    function _seal(bytes32 commitment, bytes memory refusal) private {
        _refuse(CHALLENGER, abi.encodeCall(IDisputeGame.seal, (commitment)), refusal);
    }

    function _sealOf(address challenger, Statement memory statement, bytes32 salt) private view returns (bytes32) {
        return DISPUTES.challengeSealOf(challenger, _idOf(statement), TOY.traceRoot(0), salt);
    }

    function _taken(bytes32 commitment) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDisputeGame.DisputeSealTaken.selector, commitment);
    }

    function _notSealed(bytes32 commitment) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDisputeGame.DisputeNotSealed.selector, commitment);
    }

    function _unlike(uint256 a, uint256 b) private pure returns (uint256, uint256) {
        a = bound(a, 0, 3);
        return (a, (a + 1 + bound(b, 0, 2)) % 4);
    }
}
