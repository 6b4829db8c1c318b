// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Game, Statement} from "../../contracts/types/DisputeTypes.sol";
import {DisputeStage} from "../support/DisputeStage.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @title What those who lose a game leave
contract ForfeitsTest is DisputeStage {
    /// @dev What the loser of a bond leaves is burned, once, and nothing that anybody is owed [I05].
    function testFuzz_burnForfeited_burnsTheRestOfLostBonds(address caller, uint8 games) external {
        games = uint8(bound(games, 1, 5));
        uint256 lost;
        for (uint256 i; i < games; ++i) {
            Statement memory statement = _statementOf(0, bytes32(i + 1));
            _state(statement);
            Game memory game = _challenge(CHALLENGER, statement, 1);
            _accept(NODE, abi.encodeCall(DISPUTES.respond, (game, TOY.proof(1, 0), TOY.nodes(0, 0))));
            VM.warp(NOW + 21 * (i + 1));
            _accept(caller, abi.encodeCall(DISPUTES.timeout, (game)));
            lost += game.bond - (game.bond * 6_000) / 10_000;
        }
        uint256 supply = TOKEN.totalSupply();
        require(DISPUTES.forfeited() == lost, "forfeited");
        VM.prank(caller);
        require(DISPUTES.burnForfeited() == lost && TOKEN.totalSupply() == supply - lost, "burned");
        VM.prank(caller);
        require(DISPUTES.burnForfeited() == 0, "once");
        uint256 owed = DISPUTES.balanceOf(CHALLENGER) + DISPUTES.balanceOf(OTHER) + DISPUTES.balanceOf(NODE);
        require(TOKEN.balanceOf(address(DISPUTES)) == owed, "owed");
    }
}
