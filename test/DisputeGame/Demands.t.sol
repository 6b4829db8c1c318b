// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {GameRulesLib} from "../../contracts/libraries/GameRulesLib.sol";
import {SupplyLib} from "../../contracts/libraries/SupplyLib.sol";
import {
    Demand,
    DisputeRecord,
    DisputeState,
    PayloadSide,
    Statement,
    Supply,
    Verdict
} from "../../contracts/types/DisputeTypes.sol";
import {PAYLOAD_TAG} from "../../contracts/types/PayloadTypes.sol";
import {DisputeStage} from "../support/DisputeStage.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @title Words that a node must publish or lose
contract DemandsTest is DisputeStage {
    using DisputeRecordLib for DisputeRecord;

    uint256 private constant FLOOR = 5;
    uint256 private constant PERIOD = 10;

    function testFuzz_demand_isOfBoundedSize(uint256 excess) external {
        Statement memory statement = _stated(0);
        uint256[3] memory bad = [0, 1_025, bound(excess, 1_025, type(uint256).max)];
        for (uint256 i; i < bad.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(
                GameRulesLib.DisputeOutOfBounds.selector,
                bytes32("count"),
                bad[i],
                1,
                1_024
            );
            _refuse(OTHER, _demandCall(statement, 0, bad[i]), refusal);
        }
        _demanded(statement, 0, 1_024);
    }

    /// @dev No demand comes so late that a challenge could not follow it [T066].
    function testFuzz_demand_leavesTimeToChallenge(uint256 late) external {
        Statement memory statement = _stated(0);
        uint256 last = NOW + WINDOW - PERIOD - FLOOR;
        VM.warp(late % 2 == 0 ? last + 1 : bound(late, last + 1, NOW + WINDOW));
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWindowOver.selector,
            _idOf(statement),
            NOW + WINDOW
        );
        _refuse(OTHER, _demandCall(statement, 0, 1), refusal);
        VM.warp(last);
        _accept(OTHER, _demandCall(statement, 0, 1));
    }

    /// @dev Whoever brings the words, the price is the owner's, once [I05 T065].
    function testFuzz_supply_paysTheOwner(address caller, uint256 when) external {
        Statement memory statement = _stated(3);
        Demand memory made = _demanded(statement, 0, 1);
        VM.warp(bound(when, NOW, made.deadline));
        bytes memory call = abi.encodeCall(IDisputeGame.supply, (made, TOY.supply(3)));
        _accept(caller, call);
        require(DISPUTES.balanceOf(NODE) == made.price, "price");
        require(DISPUTES.balanceOf(OTHER) == FORTUNE - made.price, "paid");
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWrongState.selector,
            _demandId(made),
            DisputeState.Supplied
        );
        _refuse(caller, call, refusal);
        _refuse(caller, abi.encodeCall(IDisputeGame.reclaim, (made)), refusal);
        VM.warp(NOW + WINDOW);
        require(_verdictOf(statement) == Verdict.Upheld, "upheld");
    }

    /// @dev A node that does not publish loses, not a second too early [T055 T064 I22].
    function testFuzz_reclaim_convictsWhoWithholds(address caller, uint256 late) external {
        Statement memory statement = _stated(0);
        Demand memory made = _demanded(statement, 0, 1);
        VM.warp(made.deadline);
        bytes memory running = abi.encodeWithSelector(
            IDisputeGame.DisputeClockRunning.selector,
            _demandId(made),
            made.deadline
        );
        _refuse(caller, abi.encodeCall(IDisputeGame.reclaim, (made)), running);
        VM.warp(late % 2 == 0 ? made.deadline + 1 : bound(late, made.deadline + 1, made.deadline + 1 days));
        bytes memory tooLate = abi.encodeWithSelector(
            IDisputeGame.DisputeTooLate.selector,
            _demandId(made),
            made.deadline
        );
        _refuse(caller, abi.encodeCall(IDisputeGame.supply, (made, TOY.supply(0))), tooLate);
        _accept(caller, abi.encodeCall(IDisputeGame.reclaim, (made)));
        require(_verdictOf(statement) == Verdict.False, "false");
        require(DISPUTES.recordOf(_demandId(made)).account() == OTHER, "whose it was");
        require(DISPUTES.balanceOf(OTHER) == FORTUNE, "back");
    }

    function testFuzz_demand_mustBeThere(uint256 price) external {
        Statement memory statement = _stated(0);
        Demand memory made = _demanded(statement, 0, 1);
        VM.assume(price != made.price);
        made.price = price;
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeUnknown.selector, _demandId(made));
        _refuse(OTHER, abi.encodeCall(IDisputeGame.supply, (made, TOY.supply(0))), refusal);
        _refuse(OTHER, abi.encodeCall(IDisputeGame.reclaim, (made)), refusal);
    }

    /// @dev Every part of a supply is bound to what was stated [T055 T076].
    function testFuzz_supply_isWhatWasStated(uint8 part, bytes32 other) external {
        Demand memory made = _demanded(_stated(0), 0, 1);
        Supply memory given = TOY.supply(0);
        VM.assume(other != given.words[0] && other != given.siblings[0] && other != given.tensorRoots[0]);
        part %= 4;
        bytes32 expected = given.dataRoot;
        bytes32 name = "data";
        if (part == 0) given.words[0] = other;
        if (part == 1) given.siblings[0] = other;
        if (part == 2) {
            (name, expected) = ("tensor", given.tensorRoots[0]);
            given.dataRoot = other;
            VM.assume(other != TOY.supply(0).dataRoot);
        }
        if (part == 3) {
            (name, expected) = ("payload", made.root);
            given.tensorRoots[0] = other;
        }
        VM.prank(NODE);
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory why) = address(DISPUTES).call(abi.encodeCall(IDisputeGame.supply, (made, given)));
        require(!done && bytes4(why) == SupplyLib.DisputeWrongSupply.selector, "refused");
        (bytes32 where, , bytes32 wanted) = abi.decode(_arguments(why), (bytes32, bytes32, bytes32));
        require(where == name && wanted == expected, "names the part");
    }

    /// @dev As many words as there are, and none of what is beyond the tensor or the payload [T065].
    function testFuzz_supply_isOfWhatThereIs(uint256 firstWord, uint256 tensor, uint8 excess) external {
        Statement memory statement = _stated(0);
        excess = uint8(bound(excess, 1, 9));
        firstWord = bound(firstWord, TOY.LARGE(), type(uint256).max);
        Demand memory beyond = _demanded(statement, firstWord, 9);
        Supply memory given = TOY.supply(0);
        _refuseCount(beyond, given, 1, 0);
        given.words = new bytes32[](0);
        _accept(OTHER, abi.encodeCall(IDisputeGame.supply, (beyond, given)));

        Demand memory last = _demanded(statement, TOY.LARGE() - 1, 9);
        _refuseCount(last, given, 0, 1);
        given.words = new bytes32[](1 + excess);
        _refuseCount(last, given, 1 + excess, 1);

        tensor = bound(tensor, 1, type(uint256).max);
        Demand memory none = _demandOf(OTHER, statement, 0, 9);
        none.tensor = tensor;
        _accept(OTHER, abi.encodeCall(IDisputeGame.demand, (statement, PayloadSide.Output, tensor, 0, 9)));
        _refuseCount(none, given, 1 + excess, 0);
        given.words = new bytes32[](0);
        _accept(OTHER, abi.encodeCall(IDisputeGame.supply, (none, given)));
    }

    /// @dev The side that is demanded is the one that is supplied.
    function test_demand_hasASide() external {
        Statement memory statement = _statementOf(0, "job");
        bytes32[] memory none;
        statement.inputRoot = keccak256(abi.encode(PAYLOAD_TAG, none));
        _state(statement);
        bytes memory call = abi.encodeCall(IDisputeGame.demand, (statement, PayloadSide.Input, 0, 0, 1));
        Demand memory made = _demandOf(OTHER, statement, 0, 1);
        made.root = statement.inputRoot;
        _accept(OTHER, call);
        Supply memory given;
        _accept(NODE, abi.encodeCall(IDisputeGame.supply, (made, given)));
    }

    function _refuseCount(Demand memory made, Supply memory given, uint256 words, uint256 expected) private {
        bytes memory refusal = abi.encodeWithSelector(SupplyLib.DisputeWrongSupplyCount.selector, words, expected);
        _refuse(NODE, abi.encodeCall(IDisputeGame.supply, (made, given)), refusal);
    }

    function _arguments(bytes memory refusal) private pure returns (bytes memory arguments) {
        arguments = new bytes(refusal.length - 4);
        for (uint256 i; i < arguments.length; ++i) arguments[i] = refusal[i + 4];
    }
}
