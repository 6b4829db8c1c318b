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

    function testFuzz_seated_leavesLessFreeAndNothingElse(
        uint96 free,
        uint96 earned,
        uint48 end,
        uint96 taken
    ) external pure {
        if (taken > free) (free, taken) = (taken, free);
        _require(_pack(free, earned, end).seated(taken), free - taken, earned, end);
    }

    function testFuzz_vacated_freesAndEarns(
        uint88 free,
        uint88 earned,
        uint48 end,
        uint88 freed,
        uint88 pay
    ) external pure {
        _require(_pack(free, earned, end).vacated(freed, pay), uint256(free) + freed, uint256(earned) + pay, end);
    }

    function testFuzz_withFree_changesWhatIsFreeAlone(
        uint96 free,
        uint96 earned,
        uint48 end,
        uint96 next
    ) external pure {
        _require(_pack(free, earned, end).withFree(next), next, earned, end);
    }

    function testFuzz_used_isWhatOfTheLockIsNotFree(uint96 maxLock, uint96 free, uint96 earned, uint48 end) external {
        if (free > maxLock) (free, maxLock) = (maxLock, free);
        (_servings[0].maxLock, _servings[0].book) = (maxLock, _pack(free, earned, end));
        require(_servings[0].used() == maxLock - free, "used");
    }

    function testFuzz_claimed_takesTheEarningsAlone(uint96 free, uint96 earned, uint48 end) external pure {
        _require(_pack(free, earned, end).claimed(), free, 0, end);
    }

    function testFuzz_endingAt_changesTheEndAlone(uint96 free, uint96 earned, uint48 end, uint48 next) external pure {
        _require(_pack(free, earned, end).endingAt(next), free, earned, next);
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

    function _pack(uint96 free, uint96 earned, uint48 end) private pure returns (SeatBook) {
        return SeatBook.wrap(uint256(free) | (uint256(earned) << 96) | (uint256(end) << 192));
    }

    function _require(SeatBook book, uint256 free, uint256 earned, uint256 end) private pure {
        require(book.free() == free, "free");
        require(book.earned() == earned, "earned");
        require(book.endsAt() == end, "end");
    }
}
