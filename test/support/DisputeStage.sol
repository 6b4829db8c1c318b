// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {IStatementKeeper} from "../../contracts/interfaces/IStatementKeeper.sol";
import {StatementId, Transport} from "../../contracts/types/CommitmentTypes.sol";
import {Demand, DisputeId, Game, Statement, Verdict} from "../../contracts/types/DisputeTypes.sol";
import {ModelId} from "../../contracts/types/ModelTypes.sol";
import {TOY_BYTES, Toy, toyInput, toyInputRoot} from "../invariants/Toy.sol";
import {Demanding} from "./Demanding.sol";
import {VM} from "./Vm.sol";

/// @title A node that states what a toy model gives, and those who dispute it
/// @dev The stage is the consumer to which the node states.
abstract contract DisputeStage is Demanding, IStatementKeeper {
    uint256 internal constant NOW = 1_000_000;
    uint32 internal constant WINDOW = 60;
    uint256 internal constant NODE_KEY = 0x0de;
    uint256 internal constant SIGNER_KEY = 0x519;
    address internal constant CHALLENGER = address(0xc4a1);
    address internal constant OTHER = address(0xc4a2);

    bytes32 internal immutable INPUT = toyInputRoot(toyInput(TOY_BYTES));
    Toy public immutable TOY = new Toy(INPUT);
    address public immutable NODE = VM.addr(NODE_KEY);
    address internal immutable SIGNER = VM.addr(SIGNER_KEY);

    mapping(bytes32 jobId => mapping(StatementId statementId => uint256)) public override disputableUntil;

    constructor() {
        VM.warp(NOW);
        DISPUTES.addReferee(IReferee(address(TOY.REFEREE())));
        _endow(NODE);
        _register(NODE, SIGNER_KEY, 1_000e18);
        _fund(CHALLENGER);
        _fund(OTHER);
    }

    /// @dev A balance for bonds and prices.
    function _fund(address account) internal {
        TOKEN.approve(address(DISPUTES), FORTUNE);
        DISPUTES.deposit(account, FORTUNE);
    }

    /// @dev What the node states about a job if it runs the toy model in this way; nobody has heard of it yet.
    function _statementOf(uint256 kind, bytes32 jobId) internal view returns (Statement memory statement) {
        statement.consumer = address(this);
        statement.jobId = jobId;
        statement.modelId = ModelId.wrap("toy");
        statement.version.profile = TOY.PROFILE();
        statement.version.graphRoot = TOY.graphRoot();
        statement.inputRoot = INPUT;
        statement.node = NODE;
        statement.outputRoot = TOY.outputRoot(kind);
        statement.transport = Transport.Direct;
    }

    function _stated(uint256 kind) internal returns (Statement memory statement) {
        statement = _statementOf(kind, "job");
        _state(statement);
    }

    function _state(Statement memory statement) internal {
        disputableUntil[statement.jobId][_idOf(statement)] = block.timestamp + WINDOW;
    }

    function _challenge(
        address challenger,
        Statement memory statement,
        uint256 kind
    ) internal returns (Game memory game) {
        _accept(challenger, address(DISPUTES), _challengeCall(statement, kind, 0));
        return _gameOf(challenger, statement, kind, block.number);
    }

    function _challengeInGroups(
        address challenger,
        Statement memory statement,
        uint256 kind
    ) internal returns (Game memory game) {
        _accept(challenger, address(DISPUTES), _challengeInGroupsCall(statement, kind, 0));
        return _gameOf(challenger, statement, kind, block.number);
    }

    function _challengeInGroupsCall(
        Statement memory statement,
        uint256 kind,
        bytes32 salt
    ) internal view returns (bytes memory) {
        return
            abi.encodeCall(
                IDisputeGame.challengeInGroups,
                (statement, TOY.header(), TOY.groups(kind), TOY.outputs(kind), salt)
            );
    }

    function _challengeCall(
        Statement memory statement,
        uint256 kind,
        bytes32 salt
    ) internal view returns (bytes memory) {
        return abi.encodeCall(IDisputeGame.challenge, (statement, TOY.header(), TOY.roots(kind), salt));
    }

    /// @dev The game that a challenge opens here and now.
    function _gameOf(
        address challenger,
        Statement memory statement,
        uint256 kind,
        uint256 rank
    ) internal view returns (Game memory game) {
        game = TOY.gameOf(DISPUTES, statement, _idOf(statement), challenger, kind);
        game.rank = rank;
    }

    function _demanded(
        Statement memory statement,
        uint256 firstWord,
        uint256 count
    ) internal returns (Demand memory made) {
        made = _demandOf(OTHER, statement, firstWord, count);
        _accept(OTHER, address(DISPUTES), _demandCall(statement, firstWord, count));
    }

    function _verdictOf(Statement memory statement) internal view returns (Verdict) {
        return DISPUTES.verdictOf(_idOf(statement), disputableUntil[statement.jobId][_idOf(statement)]);
    }

    function _gameId(Game memory game) internal view returns (DisputeId) {
        bytes32 tag = keccak256("OPG/game");
        return DisputeId.wrap(keccak256(abi.encode(tag, block.chainid, address(DISPUTES), game)) >> 40);
    }

    function _demandId(Demand memory made) internal view returns (DisputeId) {
        bytes32 tag = keccak256("OPG/demand");
        return DisputeId.wrap(keccak256(abi.encode(tag, block.chainid, address(DISPUTES), made)) >> 40);
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) internal {
        _refuse(caller, address(DISPUTES), call, refusal);
    }

    function _accept(address caller, bytes memory call) internal {
        _accept(caller, address(DISPUTES), call);
    }
}
