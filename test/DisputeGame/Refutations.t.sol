// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {StatementRecordLib} from "../../contracts/libraries/StatementRecordLib.sol";
import {StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {
    Demand,
    DisputeId,
    DisputeRecord,
    DisputeState,
    Game,
    Statement,
    StatementRecord,
    Verdict
} from "../../contracts/types/DisputeTypes.sol";
import {PayloadError, TensorPreimage} from "../../contracts/types/PayloadTypes.sol";
import {TOY_BYTES, toyInput, toyInputRoot} from "../invariants/Toy.sol";
import {DisputeStage} from "../support/DisputeStage.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @title Statements that are false by the shapes of their input
contract RefutationsTest is DisputeStage {
    using DisputeRecordLib for DisputeRecord;
    using StatementRecordLib for StatementRecord;

    bytes32 private constant SALT = "salt";

    /// @dev Whatever is wrong with the input's tensors, no output follows from it [T057 I22].
    function testFuzz_refute_anOutputOfWhatDoesNotFit(uint8 kind, uint8 dtype, uint8 rank, uint32 length) external {
        TensorPreimage[] memory inputs = _misfit(kind, dtype, rank, length);
        Statement memory statement = _statedOf(inputs, TOY.outputRoot(kind % 4));
        _seal(CHALLENGER, statement);
        _accept(CHALLENGER, _refutation(statement, inputs));
        _requireRefuted(statement, CHALLENGER);
    }

    /// @dev Who says that an input is malformed that fits, lies [T057 I22].
    function test_refute_malformedOfWhatFits() external {
        Statement memory statement = _statedOf(toyInput(TOY_BYTES), _error(PayloadError.InputMalformed));
        _seal(CHALLENGER, statement);
        _accept(CHALLENGER, _refutation(statement, toyInput(TOY_BYTES)));
        _requireRefuted(statement, CHALLENGER);
    }

    /// @dev Nobody refutes what the shapes do not refute, whatever the tensors say [I22].
    function testFuzz_refute_sparesTheHonest(uint8 kind, uint8 dtype, uint8 rank, uint32 length) external {
        TensorPreimage[] memory inputs = toyInput(TOY_BYTES);
        Statement memory statement = _statedOf(inputs, TOY.outputRoot(kind % 4));
        _seal(CHALLENGER, statement);
        _refuse(CHALLENGER, _refutation(statement, inputs), _notRefuted(statement));
        _refuse(
            CHALLENGER,
            _refutation(statement, _misfit(kind, dtype, rank, length)),
            _wrongInput(statement, kind, dtype, rank, length)
        );

        inputs = _misfit(kind, dtype, rank, length);
        statement = _statedOf(inputs, _error(PayloadError.InputMalformed));
        _seal(CHALLENGER, statement);
        _refuse(CHALLENGER, _refutation(statement, inputs), _notRefuted(statement));
        bytes memory other = abi.encodeWithSelector(
            IDisputeGame.DisputeWrongInput.selector,
            INPUT,
            statement.inputRoot
        );
        _refuse(CHALLENGER, _refutation(statement, toyInput(TOY_BYTES)), other);
        require(_verdictOf(statement) == Verdict.Open, "open");
    }

    /// @dev Another data root is another input, of the same shapes as it may be [T071].
    function testFuzz_refute_isAboutTheStatementsInput(bytes32 dataRoot) external {
        TensorPreimage[] memory inputs = toyInput(TOY_BYTES);
        VM.assume(dataRoot != inputs[0].dataRoot);
        Statement memory statement = _statedOf(inputs, _error(PayloadError.InputMalformed));
        _seal(CHALLENGER, statement);
        inputs[0].dataRoot = dataRoot;
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWrongInput.selector,
            toyInputRoot(inputs),
            statement.inputRoot
        );
        _refuse(CHALLENGER, _refutation(statement, inputs), refusal);
    }

    /// @dev What an input holds, or whether it is there, no shape tells.
    function testFuzz_refute_noOtherError(bool missing, uint32 length) external {
        TensorPreimage[] memory inputs = toyInput(length % 2 == 0 ? TOY_BYTES : length);
        bytes32 outputRoot = _error(missing ? PayloadError.InputMissing : PayloadError.RefusedByModel);
        Statement memory statement = _statedOf(inputs, outputRoot);
        _seal(CHALLENGER, statement);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeErrorOutput.selector, outputRoot);
        _refuse(CHALLENGER, _refutation(statement, inputs), refusal);
    }

    /// @dev Who copies a refutation has sealed none of its own [T063].
    function testFuzz_refute_isSealedBefore(address copier, bytes32 salt) external {
        VM.assume(copier != CHALLENGER);
        TensorPreimage[] memory inputs = toyInput(1);
        Statement memory statement = _statedOf(inputs, TOY.outputRoot(0));
        bytes32 seal = _sealOf(CHALLENGER, statement, salt);
        bytes memory call = abi.encodeCall(IDisputeGame.refute, (statement, TOY.header(), inputs, salt));
        _refuse(CHALLENGER, call, _notSealed(seal));
        _accept(CHALLENGER, abi.encodeCall(IDisputeGame.seal, (seal)));
        _refuse(CHALLENGER, call, _notSealed(seal));
        VM.roll(block.number + 1);
        _refuse(copier, call, _notSealed(_sealOf(copier, statement, salt)));
        _accept(CHALLENGER, call);
    }

    function testFuzz_refute_comesInTheWindow(uint256 late) external {
        TensorPreimage[] memory inputs = toyInput(1);
        Statement memory statement = _statedOf(inputs, TOY.outputRoot(0));
        _seal(CHALLENGER, statement);
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWindowOver.selector,
            _idOf(statement),
            NOW + WINDOW
        );
        VM.warp(late % 2 == 0 ? NOW + WINDOW : bound(late, NOW + WINDOW, NOW + 1 days));
        _refuse(CHALLENGER, _refutation(statement, inputs), refusal);
        VM.warp(NOW + WINDOW - 1);
        _accept(CHALLENGER, _refutation(statement, inputs));
    }

    /// @dev It is about what was stated, of a version that is judged, and its own graph.
    function testFuzz_refute_isAboutAStatement(bytes32 other) external {
        TensorPreimage[] memory inputs = toyInput(1);
        Statement memory statement = _statedOf(inputs, TOY.outputRoot(0));
        VM.assume(other != statement.jobId && other != TOY.PROFILE() && other != TOY.graphRoot());
        statement.jobId = other;
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeNotDisputable.selector, _idOf(statement));
        _refuse(CHALLENGER, _refutation(statement, inputs), refusal);

        statement.version.profile = other;
        _state(statement);
        _seal(CHALLENGER, statement);
        refusal = abi.encodeWithSelector(IDisputeGame.DisputeNoReferee.selector, other);
        _refuse(CHALLENGER, _refutation(statement, inputs), refusal);

        (statement.version.profile, statement.version.graphRoot) = (TOY.PROFILE(), other);
        _state(statement);
        _seal(CHALLENGER, statement);
        refusal = abi.encodeWithSelector(IDisputeGame.DisputeWrongGraph.selector, TOY.graphRoot(), other);
        _refuse(CHALLENGER, _refutation(statement, inputs), refusal);
    }

    /// @dev The first one has it alone; what goes on is moot, and shares nothing [T067 I05 I07].
    function test_refute_endsAllElse() external {
        TensorPreimage[] memory inputs = toyInput(1);
        Statement memory statement = _statedOf(inputs, TOY.outputRoot(1));
        Game memory game = _challenge(OTHER, statement, 0);
        Demand memory made = _demanded(statement, 0, 1);
        _seal(CHALLENGER, statement);
        _seal(OTHER, statement);
        _accept(CHALLENGER, _refutation(statement, inputs));
        bytes memory decided = abi.encodeWithSelector(IDisputeGame.DisputeDecided.selector, game.statementId);
        _refuse(OTHER, _refutation(statement, inputs), decided);
        _refuse(OTHER, _challengeCall(statement, 2, 0), decided);
        _accept(OTHER, abi.encodeCall(IDisputeGame.close, (game, game)));
        _accept(OTHER, abi.encodeCall(IDisputeGame.reclaim, (made)));
        require(DISPUTES.balanceOf(OTHER) == FORTUNE, "bond and price");
        _requireRefuted(statement, CHALLENGER);
    }

    function _requireRefuted(Statement memory statement, address by) private view {
        require(_verdictOf(statement) == Verdict.False, "false");
        StatementId id = _idOf(statement);
        bytes32 tag = keccak256("OPG/refutation");
        bytes32 expected = keccak256(abi.encode(tag, block.chainid, address(DISPUTES), id)) >> 40;
        DisputeId deciding = DISPUTES.statementRecordOf(id).deciding();
        require(DisputeId.unwrap(deciding) == expected, "deciding");
        require(DISPUTES.recordOf(deciding).state() == DisputeState.Refuted, "state");
        (address[] memory sharers, uint256 finalAt) = DISPUTES.sharersOf(id);
        require(sharers.length == 1 && sharers[0] == by && finalAt == block.timestamp + 5, "sharers");
        require(DISPUTES.balanceOf(by) == FORTUNE, "nothing paid, nothing won");
    }

    function _statedOf(
        TensorPreimage[] memory inputs,
        bytes32 outputRoot
    ) private returns (Statement memory statement) {
        statement = _statementOf(0, keccak256(abi.encode(inputs, outputRoot)));
        (statement.inputRoot, statement.outputRoot) = (toyInputRoot(inputs), outputRoot);
        _state(statement);
    }

    /// @dev Tensors that differ from what the model takes in number, type, rank or size.
    function _misfit(
        uint8 kind,
        uint8 dtype,
        uint8 rank,
        uint32 length
    ) private pure returns (TensorPreimage[] memory inputs) {
        inputs = toyInput(TOY_BYTES);
        kind %= 4;
        if (kind == 0) {
            inputs = new TensorPreimage[](rank == 1 ? 0 : rank % 5);
            for (uint256 i; i < inputs.length; ++i) inputs[i] = toyInput(length)[0];
            if (inputs.length == 1) inputs[0].dtype = 1;
        }
        if (kind == 1) inputs[0].dtype = dtype == 2 ? 1 : dtype;
        if (kind == 2)
            inputs[0].shape = new uint32[](
                rank == 1
                    ? 2
                    : rank % 7 == 1
                        ? 0
                        : rank % 7
            );
        if (kind == 3) inputs[0].shape[0] = length == TOY_BYTES ? 0 : length;
    }

    function _seal(address challenger, Statement memory statement) private {
        _accept(challenger, abi.encodeCall(IDisputeGame.seal, (_sealOf(challenger, statement, SALT))));
        VM.roll(block.number + 1);
    }

    function _sealOf(address challenger, Statement memory statement, bytes32 salt) private view returns (bytes32) {
        return DISPUTES.challengeSealOf(challenger, _idOf(statement), statement.inputRoot, salt);
    }

    function _refutation(
        Statement memory statement,
        TensorPreimage[] memory inputs
    ) private view returns (bytes memory) {
        return abi.encodeCall(IDisputeGame.refute, (statement, TOY.header(), inputs, SALT));
    }

    function _error(PayloadError fault) private view returns (bytes32) {
        return COMMITMENTS.rootOf(fault, "");
    }

    function _notRefuted(Statement memory statement) private view returns (bytes memory) {
        return abi.encodeWithSelector(IDisputeGame.DisputeNotRefuted.selector, _idOf(statement));
    }

    function _notSealed(bytes32 commitment) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDisputeGame.DisputeNotSealed.selector, commitment);
    }

    function _wrongInput(
        Statement memory statement,
        uint8 kind,
        uint8 dtype,
        uint8 rank,
        uint32 length
    ) private pure returns (bytes memory) {
        bytes32 given = toyInputRoot(_misfit(kind, dtype, rank, length));
        return abi.encodeWithSelector(IDisputeGame.DisputeWrongInput.selector, given, statement.inputRoot);
    }
}
