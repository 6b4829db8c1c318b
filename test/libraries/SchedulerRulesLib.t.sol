// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SchedulerRulesLib} from "../../contracts/libraries/SchedulerRulesLib.sol";
import {SchedulerNumbers, SchedulerRules} from "../../contracts/types/SchedulerTypes.sol";
import {bound, outside} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

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

    /// @dev With one number outside its bounds, by however much, rules are refused by its name.
    function testFuzz_check_refusesWhatIsOutOfBounds(SchedulerNumbers memory good, uint256 any) external {
        _fit(good);
        SchedulerNumbers memory bad = _copy(good);
        bad.leastInterval = uint24(outside(any, 1, 1 days, type(uint24).max));
        _expectRefused(bad, "leastInterval", bad.leastInterval, 1, 1 days);
        bad = _copy(good);
        bad.keeperFloorBps = uint16(bound(any, 10_001, type(uint16).max));
        _expectRefused(bad, "keeperFloorBps", bad.keeperFloorBps, 0, 10_000);
        bad = _copy(good);
        bad.keeperCapBps = uint24(outside(any, 10_000, 100_000, type(uint24).max));
        _expectRefused(bad, "keeperCapBps", bad.keeperCapBps, 10_000, 100_000);
        bad = _copy(good);
        bad.keeperRampPeriod = uint16(outside(any, 2, 1 hours, type(uint16).max));
        _expectRefused(bad, "keeperRampPeriod", bad.keeperRampPeriod, 2, 1 hours);
        // Within its own bounds, but over when the run is half gone.
        bad = _copy(good);
        bad.leastInterval = uint24(bound(any, 1, 2 * uint256(bad.keeperRampPeriod) - 1));
        _expectRefused(bad, "keeperRampPeriod", bad.keeperRampPeriod, 2, bad.leastInterval / 2);
    }

    /// @dev Above the numbers the word is empty.
    function testFuzz_check_refusesOtherBits(SchedulerNumbers memory numbers, uint256 above) external {
        _fit(numbers);
        uint256 word = uint256(SchedulerRules.unwrap(SchedulerRulesLib.pack(numbers)));
        word |= bound(above, 1, type(uint176).max) << 80;
        _expectRefused(SchedulerRules.wrap(bytes32(word)), "rules", word, 0, type(uint80).max);
    }

    function check(SchedulerRules rules) external pure {
        rules.check();
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

    function _expectRefused(
        SchedulerNumbers memory numbers,
        bytes32 field,
        uint256 given,
        uint256 least,
        uint256 most
    ) private {
        _expectRefused(SchedulerRulesLib.pack(numbers), field, given, least, most);
    }

    function _expectRefused(SchedulerRules rules, bytes32 field, uint256 given, uint256 least, uint256 most) private {
        VM.expectRevert(
            abi.encodeWithSelector(SchedulerRulesLib.SchedulerOutOfBounds.selector, field, given, least, most)
        );
        this.check(rules);
    }

    function _copy(SchedulerNumbers memory numbers) private pure returns (SchedulerNumbers memory) {
        return abi.decode(abi.encode(numbers), (SchedulerNumbers));
    }

    function _fit(SchedulerNumbers memory numbers) private pure {
        numbers.keeperFloorBps = uint16(bound(numbers.keeperFloorBps, 0, 10_000));
        numbers.keeperCapBps = uint24(bound(numbers.keeperCapBps, 10_000, 100_000));
        numbers.keeperRampPeriod = uint16(bound(numbers.keeperRampPeriod, 2, 3_600));
        numbers.leastInterval = uint24(bound(numbers.leastInterval, 2 * uint256(numbers.keeperRampPeriod), 1 days));
    }
}
