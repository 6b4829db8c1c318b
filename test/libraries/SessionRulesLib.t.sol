// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SessionRulesLib} from "../../contracts/libraries/SessionRulesLib.sol";
import {SessionNumbers, SessionRules} from "../../contracts/types/SessionTypes.sol";
import {bound, outside} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract SessionRulesLibTest {
    using SessionRulesLib for SessionRules;

    uint256 private constant OPG = 1e18;
    uint256 private constant FLOOR = 600;
    uint256 private constant LEAST_WINDOW = 3_600;

    function testFuzz_pack_isReadBack(SessionNumbers memory numbers) external pure {
        SessionRules packed = SessionRulesLib.pack(numbers);
        _require(packed, numbers);
        require(packed.horizonPeriod() == 0, "horizon");
    }

    function testFuzz_withHorizon_changesTheHorizonAlone(
        SessionNumbers memory numbers,
        uint24 first,
        uint24 second
    ) external pure {
        SessionRules packed = SessionRulesLib.pack(numbers).withHorizon(first).withHorizon(second);
        _require(packed, numbers);
        require(packed.horizonPeriod() == second, "horizon");
    }

    function testFuzz_check_takesWhatIsWithinTheBounds(SessionNumbers memory numbers) external view {
        _fit(numbers);
        this.check(numbers);
    }

    function testFuzz_check_refusesMoneyOutOfBounds(SessionNumbers memory good, uint256 any) external {
        _fit(good);
        SessionNumbers memory bad = _copy(good);
        bad.feeBps = uint16(bound(any, 1_001, type(uint16).max));
        _expectRefused(bad, "feeBps", bad.feeBps, 0, 1_000);
        bad = _copy(good);
        bad.royaltyCapBps = uint16(bound(any, 5_001, type(uint16).max));
        _expectRefused(bad, "royaltyCapBps", bad.royaltyCapBps, 0, 5_000);
        bad = _copy(good);
        bad.challengerShareBps = uint16(outside(any, 2_500, 5_000, type(uint16).max));
        _expectRefused(bad, "challengerShareBps", bad.challengerShareBps, 2_500, 5_000);
        bad = _copy(good);
        bad.exposureBps = uint16(outside(any, 1_000, 10_000, type(uint16).max));
        _expectRefused(bad, "exposureBps", bad.exposureBps, 1_000, 10_000);
        bad = _copy(good);
        bad.leastLockCalls = uint24(outside(any, 50, 100_000, type(uint24).max));
        _expectRefused(bad, "leastLockCalls", bad.leastLockCalls, 50, 100_000);
        bad = _copy(good);
        bad.disputeBond = any % 2 == 0 ? 0 : uint24(bound(any, 100_001, type(uint24).max));
        _expectRefused(bad, "disputeBond", bad.disputeBond * OPG, OPG, 100_000 * OPG);
    }

    function testFuzz_check_refusesClocksOutOfBounds(SessionNumbers memory good, uint256 any) external {
        _fit(good);
        SessionNumbers memory bad = _copy(good);
        bad.closeNoticePeriod = uint24(outside(any, FLOOR, 14 days, type(uint24).max));
        _expectRefused(bad, "closeNoticePeriod", bad.closeNoticePeriod, FLOOR, 14 days);
        bad = _copy(good);
        bad.receiptHorizonPeriod = uint24(outside(any, LEAST_WINDOW, 14 days, type(uint24).max));
        _expectRefused(bad, "receiptHorizonPeriod", bad.receiptHorizonPeriod, LEAST_WINDOW, 14 days);
        bad = _copy(good);
        bad.maxSessionPeriod = uint24(outside(any, bad.closeNoticePeriod, 60 days, type(uint24).max));
        _expectRefused(bad, "maxSessionPeriod", bad.maxSessionPeriod, bad.closeNoticePeriod, 60 days);
    }

    function check(SessionNumbers memory numbers) external pure {
        SessionRulesLib.pack(numbers).check(FLOOR, LEAST_WINDOW);
    }

    function _expectRefused(
        SessionNumbers memory numbers,
        bytes32 field,
        uint256 given,
        uint256 least,
        uint256 most
    ) private {
        VM.expectRevert(
            abi.encodeWithSelector(SessionRulesLib.SessionsOutOfBounds.selector, field, given, least, most)
        );
        this.check(numbers);
    }

    function _fit(SessionNumbers memory n) private pure {
        n.feeBps = uint16(bound(n.feeBps, 0, 1_000));
        n.royaltyCapBps = uint16(bound(n.royaltyCapBps, 0, 5_000));
        n.challengerShareBps = uint16(bound(n.challengerShareBps, 2_500, 5_000));
        n.exposureBps = uint16(bound(n.exposureBps, 1_000, 10_000));
        n.leastLockCalls = uint24(bound(n.leastLockCalls, 50, 100_000));
        n.disputeBond = uint24(bound(n.disputeBond, 1, 100_000));
        n.closeNoticePeriod = uint24(bound(n.closeNoticePeriod, FLOOR, 14 days));
        n.receiptHorizonPeriod = uint24(bound(n.receiptHorizonPeriod, LEAST_WINDOW, 14 days));
        n.maxSessionPeriod = uint24(bound(n.maxSessionPeriod, n.closeNoticePeriod, 60 days));
    }

    function _copy(SessionNumbers memory numbers) private pure returns (SessionNumbers memory) {
        return abi.decode(abi.encode(numbers), (SessionNumbers));
    }

    function _require(SessionRules packed, SessionNumbers memory numbers) private pure {
        require(packed.feeBps() == numbers.feeBps, "feeBps");
        require(packed.royaltyCapBps() == numbers.royaltyCapBps, "royaltyCapBps");
        require(packed.challengerShareBps() == numbers.challengerShareBps, "challengerShareBps");
        require(packed.exposureBps() == numbers.exposureBps, "exposureBps");
        require(packed.leastLockCalls() == numbers.leastLockCalls, "leastLockCalls");
        require(packed.disputeBond() == numbers.disputeBond * OPG, "disputeBond");
        require(packed.closeNoticePeriod() == numbers.closeNoticePeriod, "closeNoticePeriod");
        require(packed.receiptHorizonPeriod() == numbers.receiptHorizonPeriod, "receiptHorizonPeriod");
        require(packed.maxSessionPeriod() == numbers.maxSessionPeriod, "maxSessionPeriod");
    }
}
