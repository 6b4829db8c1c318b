// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {
    DEMAND_TAG,
    Demand,
    DisputeId,
    DisputeRecord,
    GAME_TAG,
    Game,
    PayloadSide,
    Statement
} from "../../contracts/types/DisputeTypes.sol";
import {VM} from "../support/Vm.sol";
import {Toy} from "./Toy.sol";

/// @title Disputes about what nodes of a market state: one game and one demand for each statement at most
/// @dev Kinds of statements as the toy numbers them; of others there is nothing that their nodes could show.
contract Disputer {
    using DisputeRecordLib for DisputeRecord;

    IDisputeGame private immutable DISPUTES;
    Toy private immutable TOY;

    mapping(StatementId statementId => Game) private _games;
    mapping(StatementId statementId => Demand) private _demands;

    constructor(IDisputeGame disputes, Toy toy) {
        (DISPUTES, TOY) = (disputes, toy);
    }

    /// @notice An honest challenger of a lie, or one who lies about the truth, to whom an honest node responds.
    function challenge(Statement calldata statement, StatementId id, uint256 kind, address challenger) external {
        if (_games[id].node != address(0)) return;
        uint256 trace = kind == 0 ? 1 : 0;
        bytes memory call = abi.encodeCall(
            IDisputeGame.challenge,
            (statement, TOY.header(), TOY.roots(trace), bytes32(0))
        );
        if (!_do(challenger, call)) return;
        _games[id] = TOY.gameOf(DISPUTES, statement, id, challenger, trace);
        if (kind != 0) return;
        uint256 step = TOY.firstUnlike(0, trace);
        call = abi.encodeCall(IDisputeGame.respond, (_games[id], TOY.proof(trace, step), TOY.nodes(0, step)));
        require(_do(statement.node, call), "an honest node could not respond");
    }

    /// @notice An honest node shows its output; the others cannot, or do not care.
    function demand(Statement calldata statement, StatementId id, uint256 kind, address payer) external {
        if (_demands[id].node != address(0)) return;
        bytes memory call = abi.encodeCall(IDisputeGame.demand, (statement, PayloadSide.Output, 0, 0, 1));
        Demand memory made = Demand({
            statementId: id,
            root: statement.outputRoot,
            node: statement.node,
            payer: payer,
            price: DISPUTES.supplyPriceOf(1),
            tensor: 0,
            firstWord: 0,
            count: 1,
            deadline: block.timestamp + 10
        });
        if (!_do(payer, call)) return;
        _demands[id] = made;
        if (kind == 0) DISPUTES.supply(made, TOY.supply(0));
    }

    /// @notice Waits until whatever is under way about a statement can be ended, and ends it.
    function end(StatementId id) external {
        Game memory game = _games[id];
        DisputeRecord record = DISPUTES.recordOf(_idOf(abi.encode(GAME_TAG, block.chainid, DISPUTES, game)));
        if (game.node != address(0) && !record.isOver()) {
            _passTo(record.deadline() + 1);
            // Once a demand has decided, a game is closed instead.
            if (!_do(address(this), abi.encodeCall(IDisputeGame.timeout, (game)))) DISPUTES.close(game, game);
        }
        Demand memory made = _demands[id];
        record = DISPUTES.recordOf(_idOf(abi.encode(DEMAND_TAG, block.chainid, DISPUTES, made)));
        if (made.node == address(0) || record.isOver()) return;
        _passTo(made.deadline + 1);
        DISPUTES.reclaim(made);
    }

    function _do(address who, bytes memory call) private returns (bool done) {
        VM.prank(who);
        // solhint-disable-next-line avoid-low-level-calls
        (done, ) = address(DISPUTES).call(call);
    }

    function _passTo(uint256 time) private {
        if (time > block.timestamp) VM.warp(time);
    }

    function _idOf(bytes memory preimage) private pure returns (DisputeId) {
        return DisputeId.wrap(keccak256(preimage) >> 40);
    }
}
