// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SchedulerRulesLib} from "../../contracts/libraries/SchedulerRulesLib.sol";
import {SchedulerNumbers, SchedulerRules} from "../../contracts/types/SchedulerTypes.sol";
import {bound} from "../support/Fuzz.sol";

contract SchedulerRulesLibTest {
    using SchedulerRulesLib for SchedulerRules;

    function testFuzz_pack_isReadBack(SchedulerNumbers memory numbers) external pure {
        SchedulerRules packed = SchedulerRulesLib.pack(numbers);
        require(packed.leastInterval() == numbers.leastInterval, "leastInterval");
        require(packed.keeperFloorBps() == numbers.keeperFloorBps, "keeperFloorBps");
        require(packed.keeperCapBps() == numbers.keeperCapBps, "keeperCapBps");
        require(packed.keeperRampPeriod() == numbers.keeperRampPeriod, "keeperRampPeriod");
    }

    function testFuzz_check_takesWhatIsWithinTheBounds(SchedulerNumbers memory numbers) external pure {
        _fit(numbers);
        SchedulerRulesLib.pack(numbers).check();
    }

    /// @dev The later a keeper comes, the more it gets, from the floor to the cap, without a jump before the end. [T094]
    function testFuzz_keeperBps_risesFromTheFloorToTheCap(SchedulerNumbers memory numbers, uint32 late) external pure {
        _fit(numbers);
        SchedulerRules rules = SchedulerRulesLib.pack(numbers);
        uint256 bps = rules.keeperBps(late);
        uint256 later = rules.keeperBps(uint256(late) + 1);
        require(rules.keeperBps(0) == numbers.keeperFloorBps, "floor");
        require(rules.keeperBps(numbers.keeperRampPeriod) == numbers.keeperCapBps, "cap");
        require(numbers.keeperFloorBps <= bps && bps <= later && later <= numbers.keeperCapBps, "monotone");
        uint256 rise = numbers.keeperCapBps - numbers.keeperFloorBps;
        require(later - bps <= rise / numbers.keeperRampPeriod + 1, "jump");
    }

    /// @dev Whoever comes when the ramp is over finds the same, however late it is.
    function testFuzz_keeperBps_staysAtTheCap(SchedulerNumbers memory numbers, uint256 late) external pure {
        _fit(numbers);
        uint256 lateness = bound(late, numbers.keeperRampPeriod, type(uint256).max);
        require(SchedulerRulesLib.pack(numbers).keeperBps(lateness) == numbers.keeperCapBps, "cap");
    }

    function _fit(SchedulerNumbers memory numbers) private pure {
        numbers.keeperFloorBps = uint16(bound(numbers.keeperFloorBps, 0, 10_000));
        numbers.keeperCapBps = uint24(bound(numbers.keeperCapBps, 10_000, 100_000));
        numbers.keeperRampPeriod = uint16(bound(numbers.keeperRampPeriod, 2, 3_600));
        numbers.leastInterval = uint24(bound(numbers.leastInterval, 2 * uint256(numbers.keeperRampPeriod), 1 days));
    }
}
