// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticOrderLib} from "../../contracts/libraries/OptimisticOrderLib.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob, OptimisticNumbers, OptimisticShape} from "../../contracts/types/OptimisticTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract OptimisticOrderLibTest {
    using JobLib for AccountAmount;

    struct Terms {
        bool open;
        uint256 price; // whole units
        uint256 lowest; // whole units
        uint256 windowPeriod;
        uint256 answerPeriod;
        uint256 auctionDelay;
        uint256 auctionRamp;
        uint256 callbackGas; // 0: no callback
        uint256 flags;
        uint256 auditBps;
    }

    uint256 private constant UNIT = 1e12;
    uint256 private constant MOST_UNITS = type(uint40).max;
    uint256 private constant LEAST_WINDOW = 60;
    uint256 private constant MOST_WINDOW = 1_000;
    uint256 private constant MOST_ANSWER = 300;
    address private constant REQUESTER = address(0xA11CE);
    address private constant NODE = address(0x0de1);
    address private constant CALLBACK = address(0xB0B);

    function testFuzz_check_takesWhatIsWithinTheBounds(Terms memory terms) external view {
        _fit(terms);
        this.check(_job(terms));
    }

    function testFuzz_check_refusesNoInput(Terms memory terms) external {
        _fit(terms);
        OptimisticJob memory job = _job(terms);
        job.inputRoot = 0;
        _expectRefused(job, "inputRoot", 0, 1, type(uint256).max);
    }

    function testFuzz_check_refusesPricesOutOfBounds(Terms memory terms, uint256 any) external {
        _fit(terms);
        (terms.open, terms.lowest, terms.price) = (true, 0, 0);
        _expectRefused(_job(terms), "price", 0, UNIT, MOST_UNITS * UNIT);
        terms.price = bound(any, MOST_UNITS + 1, type(uint96).max / UNIT);
        _expectRefused(_job(terms), "price", terms.price * UNIT, UNIT, MOST_UNITS * UNIT);
        terms.price = bound(any, 1, MOST_UNITS - 1);
        terms.lowest = bound(any, terms.price + 1, MOST_UNITS);
        _expectRefused(_job(terms), "lowestPrice", terms.lowest * UNIT, 0, terms.price * UNIT);
    }

    /// @dev A record keeps whole millionths: what lies between would be lost.
    function testFuzz_check_refusesPartsOfAUnit(Terms memory terms, uint256 part) external {
        terms.open = true;
        _fit(terms);
        (terms.price, terms.lowest) = (bound(terms.price, 2, MOST_UNITS), 0);
        part = bound(part, 1, UNIT - 1);
        OptimisticJob memory job = _job(terms);
        job.requester = JobLib.pair(REQUESTER, terms.price * UNIT - part);
        _expectNotWhole(job, terms.price * UNIT - part);
        job = _job(terms);
        job.node = JobLib.pair(address(0), part);
        _expectNotWhole(job, part);
    }

    /// @dev A job with a named node has one price, which nothing raises.
    function testFuzz_check_refusesAnAuctionForANamedNode(Terms memory terms, uint256 any) external {
        _fit(terms);
        (terms.open, terms.lowest, terms.auctionDelay, terms.auctionRamp) = (false, bound(any, 1, MOST_UNITS), 0, 0);
        _expectRefused(_job(terms), "lowestPrice", terms.lowest * UNIT, 0, 0);
        (terms.lowest, terms.auctionDelay) = (0, bound(any, 1, type(uint16).max));
        _expectRefused(_job(terms), "auctionDelay", terms.auctionDelay, 0, 0);
        (terms.auctionDelay, terms.auctionRamp) = (0, bound(any, 1, type(uint24).max));
        _expectRefused(_job(terms), "auctionRamp", terms.auctionRamp, 0, 0);
    }

    function testFuzz_check_refusesAuctionsOutOfBounds(Terms memory terms, uint256 any) external {
        terms.open = true;
        _fit(terms);
        uint256 good = terms.auctionDelay;
        terms.auctionDelay = bound(any, 1 hours + 1, type(uint16).max);
        _expectRefused(_job(terms), "auctionDelay", terms.auctionDelay, 0, 1 hours);
        terms.auctionDelay = good;
        terms.auctionRamp = any % 2 == 0 ? bound(any, 0, 4) : bound(any, 24 hours + 1, type(uint24).max);
        _expectRefused(_job(terms), "auctionRamp", terms.auctionRamp, 5, 24 hours);
    }

    function testFuzz_check_refusesClocksOutOfBounds(Terms memory terms, uint256 any) external {
        _fit(terms);
        uint256 good = terms.windowPeriod;
        terms.windowPeriod =
            any % 2 == 0 ? bound(any, 0, LEAST_WINDOW - 1) : bound(any, MOST_WINDOW + 1, type(uint24).max);
        _expectRefused(_job(terms), "windowPeriod", terms.windowPeriod, LEAST_WINDOW, MOST_WINDOW);
        terms.windowPeriod = good;
        terms.answerPeriod = any % 2 == 0 ? bound(any, 0, 4) : bound(any, MOST_ANSWER + 1, type(uint24).max);
        _expectRefused(_job(terms), "answerPeriod", terms.answerPeriod, 5, MOST_ANSWER);
    }

    /// @dev A flag without meaning could get one later; a provisional answer for nobody has none.
    function testFuzz_check_refusesUnknownFlagsAndCallbacks(Terms memory terms, uint256 any) external {
        _fit(terms);
        terms.callbackGas = 25_000;
        terms.flags = bound(any, 2, type(uint8).max);
        _expectRefused(_job(terms), "flags", terms.flags, 0, 1);
        (terms.flags, terms.callbackGas) = (bound(any, 1, type(uint8).max), 0);
        _expectRefused(_job(terms), "flags", terms.flags, 0, 0);
        (terms.flags, terms.callbackGas) = (0, bound(any, 1_000_001, type(uint32).max));
        _expectRefused(_job(terms), "callbackGas", terms.callbackGas, 25_000, 1_000_000);
    }

    /// @dev None, or so many that somebody can live on them.
    function testFuzz_check_refusesAuditsOutOfBounds(Terms memory terms, uint256 any) external {
        _fit(terms);
        terms.auditBps = any % 2 == 0 ? bound(any, 1, 99) : bound(any, 10_001, type(uint16).max);
        _expectRefused(_job(terms), "auditBps", terms.auditBps, 100, 10_000);
    }

    function check(OptimisticJob memory job) external pure {
        OptimisticOrderLib.check(job, LEAST_WINDOW);
    }

    function _expectRefused(
        OptimisticJob memory job,
        bytes32 field,
        uint256 given,
        uint256 least,
        uint256 most
    ) private {
        VM.expectRevert(abi.encodeWithSelector(OrderLib.MarketTermOutOfBounds.selector, field, given, least, most));
        this.check(job);
    }

    function _expectNotWhole(OptimisticJob memory job, uint256 price) private {
        VM.expectRevert(abi.encodeWithSelector(OptimisticOrderLib.MarketPriceNotWhole.selector, price, UNIT));
        this.check(job);
    }

    function _job(Terms memory terms) private pure returns (OptimisticJob memory job) {
        OptimisticNumbers memory numbers;
        (numbers.maxAnswerPeriod, numbers.mostWindowPeriod) = (uint24(MOST_ANSWER), uint24(MOST_WINDOW));
        job.inputRoot = "input";
        job.requester = JobLib.pair(REQUESTER, terms.price * UNIT);
        job.node = JobLib.pair(terms.open ? address(0) : NODE, terms.lowest * UNIT);
        if (terms.callbackGas > 0) job.callback = JobLib.pair(CALLBACK, 1);
        uint256 word = terms.windowPeriod | (terms.answerPeriod << 24) | (terms.callbackGas << 48);
        word |=
            (terms.auctionDelay << 144) |
            (terms.auctionRamp << 160) |
            (terms.flags << 184) |
            (terms.auditBps << 128);
        job.shape = OptimisticShape.wrap(bytes32(word));
        job.rules = OptimisticRulesLib.pack(numbers);
    }

    function _fit(Terms memory terms) private pure {
        terms.price = bound(terms.price, 1, MOST_UNITS);
        terms.lowest = terms.open ? bound(terms.lowest, 0, terms.price) : 0;
        terms.windowPeriod = bound(terms.windowPeriod, LEAST_WINDOW, MOST_WINDOW);
        terms.answerPeriod = bound(terms.answerPeriod, 5, MOST_ANSWER);
        terms.auctionDelay = terms.open ? bound(terms.auctionDelay, 0, 1 hours) : 0;
        terms.auctionRamp = terms.open ? bound(terms.auctionRamp, 5, 24 hours) : 0;
        terms.callbackGas = terms.callbackGas % 2 == 0 ? 0 : bound(terms.callbackGas, 25_000, 1_000_000);
        terms.flags = terms.callbackGas == 0 ? 0 : bound(terms.flags, 0, 1);
        terms.auditBps = terms.auditBps % 2 == 0 ? 0 : bound(terms.auditBps, 100, 10_000);
    }
}
