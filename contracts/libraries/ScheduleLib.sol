// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount} from "../types/JobTypes.sol";
import {RUN_TAG, Schedule, ScheduleId, ScheduleTiming, SchedulerRules} from "../types/SchedulerTypes.sol";
import {JobLib} from "./JobLib.sol";
import {SchedulerRulesLib} from "./SchedulerRulesLib.sol";

/// @title What follows from a schedule's own fields
library ScheduleLib {
    using JobLib for AccountAmount;
    using SchedulerRulesLib for SchedulerRules;

    /// @dev What a run costs its keeper, as measured and rounded up: without source, notice and the bytes of the input, by a
    /// keeper who has earned before.
    uint256 private constant RUN_GAS = 130_000;
    /// @dev What each byte of the input adds: calldata, copies, and the market's event.
    /// @custom:source EIP-2028
    uint256 private constant BYTE_GAS = 25;
    uint256 private constant MOST_CALL_GAS = 1_000_000;

    /// @dev What has no bound here is bounded by its field, or when a run is placed.
    /// @param inputBytes Of the input that comes with every run.
    function check(Schedule calldata self, SchedulerRules rules, uint256 inputBytes) internal pure {
        ScheduleTiming timing = self.timing;
        SchedulerRulesLib.within("interval", interval(timing), rules.leastInterval(), type(uint32).max);
        if (endsAt(timing) != 0) {
            SchedulerRulesLib.within("endsAt", endsAt(timing), startAt(timing) + 1, type(uint40).max);
        }
        bool sourced = self.source.account() != address(0);
        SchedulerRulesLib.within("sourceGas", sourceGas(timing), sourced ? 1 : 0, sourced ? MOST_CALL_GAS : 0);
        SchedulerRulesLib.within("noticeGas", noticeGas(timing), 0, MOST_CALL_GAS);
        SchedulerRulesLib.within("input", inputBytes, sourced ? 0 : 1, sourced ? 0 : type(uint256).max);
    }

    /// @dev No run is left.
    function isOver(ScheduleTiming self, uint256 runs) internal view returns (bool) {
        bool ended = endsAt(self) != 0 && block.timestamp >= endsAt(self);
        return ended || (mostRuns(self) != 0 && runs >= mostRuns(self));
    }

    /// @dev The period of this second, which must not be before the first one begins.
    function indexNow(ScheduleTiming self) internal view returns (uint256) {
        // An interval is never zero.
        unchecked {
            return (block.timestamp - startAt(self)) / interval(self);
        }
    }

    /// @dev When a period begins, unix seconds.
    function dueAt(ScheduleTiming self, uint256 index) internal pure returns (uint256) {
        // Below 2^40 and 2^72.
        unchecked {
            return startAt(self) + index * interval(self);
        }
    }

    /// @dev Gas for which a keeper is paid.
    function gasOf(ScheduleTiming self, uint256 inputBytes) internal pure returns (uint256) {
        return RUN_GAS + sourceGas(self) + noticeGas(self) + BYTE_GAS * inputBytes;
    }

    /// @dev Makes the jobs of all runs different: the market refuses the same order twice in one second, and nobody else's
    /// nonces matter to it.
    /// @custom:shape The lowest 40 bits of `keccak256(abi.encode(RUN_TAG, scheduleId, index))`
    function nonceOf(ScheduleId id, uint256 index) internal pure returns (uint256) {
        return uint40(uint256(keccak256(abi.encode(RUN_TAG, id, index))));
    }

    /// @dev Unix seconds.
    function startAt(ScheduleTiming self) internal pure returns (uint256) {
        return uint40(_word(self));
    }

    /// @dev Unix seconds, exclusive; zero: never.
    function endsAt(ScheduleTiming self) internal pure returns (uint256) {
        return uint40(_word(self) >> 40);
    }

    /// @dev Seconds.
    function interval(ScheduleTiming self) internal pure returns (uint256) {
        return uint32(_word(self) >> 80);
    }

    /// @dev Zero: any number.
    function mostRuns(ScheduleTiming self) internal pure returns (uint256) {
        return uint32(_word(self) >> 112);
    }

    function sourceGas(ScheduleTiming self) internal pure returns (uint256) {
        return uint24(_word(self) >> 144);
    }

    /// @dev Zero: nobody is told.
    function noticeGas(ScheduleTiming self) internal pure returns (uint256) {
        return uint24(_word(self) >> 168);
    }

    function _word(ScheduleTiming self) private pure returns (uint256) {
        return uint256(ScheduleTiming.unwrap(self));
    }
}
