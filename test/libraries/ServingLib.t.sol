// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ServingLib} from "../../contracts/libraries/ServingLib.sol";
import {SeatBook, ServedWeight, Serving} from "../../contracts/types/MarketTypes.sol";
import {VM} from "../support/Vm.sol";

contract ServingLibTest {
    using ServingLib for SeatBook;
    using ServingLib for ServedWeight;
    using ServingLib for Serving;

    uint256 private constant CHANGES = 12;

    Serving[2] private _servings;
    ServedWeight private _total;

    function testFuzz_seated_usesMoreAndNothingElse(uint88 used, uint96 earned, uint48 end, uint88 more) external pure {
        _require(_pack(used, earned, end).seated(more), uint256(used) + more, earned, end);
    }

    function testFuzz_vacated_freesAndEarns(
        uint96 used,
        uint88 earned,
        uint48 end,
        uint96 freed,
        uint88 pay
    ) external pure {
        if (freed > used) (used, freed) = (freed, used);
        _require(_pack(used, earned, end).vacated(freed, pay), used - freed, uint256(earned) + pay, end);
    }

    function testFuzz_claimed_takesTheEarningsAlone(uint96 used, uint96 earned, uint48 end) external pure {
        _require(_pack(used, earned, end).claimed(), used, 0, end);
    }

    function testFuzz_endingAt_changesTheEndAlone(uint96 used, uint96 earned, uint48 end, uint48 next) external pure {
        _require(_pack(used, earned, end).endingAt(next), used, earned, next);
    }

    /// @dev Two nodes change their weights at random times; the past of each, and of the sum, stays as it was.
    function testFuzz_weightAt_isTheWeightOfThatTime(uint256 random) external {
        uint96[2] memory weights;
        uint256[CHANGES] memory times;
        uint96[2][CHANGES] memory history;
        uint256 time = 1_000;
        for (uint256 i; i < CHANGES; ++i) {
            random = uint256(keccak256(abi.encode(random)));
            time += random % 3; // sometimes twice in a second
            VM.warp(time);
            uint256 who = (random >> 8) % 2;
            weights[who] = uint96((random >> 16) % 1e27);
            _servings[who].setWeight(_total, weights[who]);
            (times[i], history[i]) = (time, [weights[0], weights[1]]);
        }
        for (uint256 i; i < CHANGES; ++i) {
            if (i + 1 < CHANGES && times[i + 1] == times[i]) continue; // overwritten within its second
            uint256 until = i + 1 < CHANGES ? times[i + 1] : times[i] + 2;
            for (time = times[i]; time < until; ++time) _requireWeights(time, history[i]);
        }
        _requireWeights(999, [uint96(0), 0]);
    }

    function _requireWeights(uint256 time, uint96[2] memory weights) private view {
        require(_servings[0].weightAt(time) == weights[0], "first");
        require(_servings[1].weightAt(time) == weights[1], "second");
        require(_total.weightAt(time) == uint256(weights[0]) + weights[1], "total");
    }

    function _pack(uint96 used, uint96 earned, uint48 end) private pure returns (SeatBook) {
        return SeatBook.wrap(uint256(used) | (uint256(earned) << 96) | (uint256(end) << 192));
    }

    function _require(SeatBook book, uint256 used, uint256 earned, uint256 end) private pure {
        require(book.used() == used, "used");
        require(book.earned() == earned, "earned");
        require(book.endsAt() == end, "end");
    }
}
