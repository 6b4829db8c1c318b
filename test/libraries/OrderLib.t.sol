// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {AccountAmount, Job, JobRules, JobShape, Rules} from "../../contracts/types/JobTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract OrderLibTest {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using RulesLib for JobRules;

    struct Shape {
        uint256 quorum;
        uint256 auditBps;
        uint256 collateralFactor;
        uint256 sealPeriod;
        uint256 callbackGas;
    }

    uint256 private constant LEAST_SEAL_PERIOD = 60;
    uint256 private constant MAX_SEAL_PERIOD = 3_600;
    uint256 private constant APPEAL_SIZE = 15;
    uint256 private constant LEAST_FACTOR = 2 * APPEAL_SIZE + 2;
    address private constant REQUESTER = address(0xA11CE);
    address private constant CALLBACK = address(0xB0B);

    function testFuzz_check_takesWhatIsWithinTheBounds(Shape memory shape, uint96 price, uint96 tip) external view {
        _fit(shape);
        shape.callbackGas = bound(shape.callbackGas, 25_000, 1_000_000);
        Job memory job = _job(shape, uint96(bound(price, 1, type(uint96).max)));
        job.callback = JobLib.pair(CALLBACK, tip);
        this.check(job);
        shape.callbackGas = 0;
        job.shape = _pack(shape);
        job.callback = JobLib.pair(address(0), 0);
        this.check(job);
    }

    function testFuzz_check_refusesNoInputAndNoPrice(Shape memory shape) external {
        _fit(shape);
        shape.callbackGas = 0;
        Job memory job = _job(shape, 1);
        job.inputRoot = 0;
        _expectRefused(job, "inputRoot", 0, 1, type(uint256).max);
        job = _job(shape, 0);
        _expectRefused(job, "seatPrice", 0, 1, type(uint96).max);
    }

    function testFuzz_check_refusesShapesOutOfBounds(Shape memory good, uint256 any) external {
        _fit(good);
        good.callbackGas = 0;
        Shape memory bad = _copy(good);
        bad.collateralFactor = bound(any, 0, LEAST_FACTOR - 1);
        _expectRefused(_job(bad, 1), "collateralFactor", bad.collateralFactor, LEAST_FACTOR, type(uint16).max);
        bad = _copy(good);
        bad.auditBps = bound(any, 10_001, type(uint16).max);
        _expectRefused(_job(bad, 1), "auditBps", bad.auditBps, 0, 10_000);
        bad = _copy(good);
        bad.quorum = bound(any, 0, 1);
        _expectRefused(_job(bad, 1), "quorum", bad.quorum, 2, 15);
        bad.quorum = bound(any, 16, type(uint8).max);
        _expectRefused(_job(bad, 1), "quorum", bad.quorum, 2, 15);
        bad = _copy(good);
        bad.sealPeriod = bound(any, 0, LEAST_SEAL_PERIOD - 1);
        _expectRefused(_job(bad, 1), "sealPeriod", bad.sealPeriod, LEAST_SEAL_PERIOD, MAX_SEAL_PERIOD);
        bad.sealPeriod = bound(any, MAX_SEAL_PERIOD + 1, type(uint24).max);
        _expectRefused(_job(bad, 1), "sealPeriod", bad.sealPeriod, LEAST_SEAL_PERIOD, MAX_SEAL_PERIOD);
    }

    function testFuzz_check_refusesACallbacksGasOutOfBounds(Shape memory shape, uint256 any) external {
        _fit(shape);
        shape.callbackGas = bound(any, 0, 24_999);
        Job memory job = _job(shape, 1);
        job.callback = JobLib.pair(CALLBACK, 0);
        _expectRefused(job, "callbackGas", shape.callbackGas, 25_000, 1_000_000);
        shape.callbackGas = bound(any, 1_000_001, type(uint32).max);
        job.shape = _pack(shape);
        _expectRefused(job, "callbackGas", shape.callbackGas, 25_000, 1_000_000);
    }

    /// @dev A tip that no callback could ever earn would be lost.
    function testFuzz_check_refusesGasAndTipWithoutCallback(Shape memory shape, uint256 any) external {
        _fit(shape);
        shape.callbackGas = bound(any, 1, type(uint32).max);
        _expectRefused(_job(shape, 1), "callbackGas", shape.callbackGas, 0, 0);
        shape.callbackGas = 0;
        Job memory job = _job(shape, 1);
        uint256 tip = bound(any, 1, type(uint96).max);
        job.callback = JobLib.pair(address(0), tip);
        _expectRefused(job, "deliveryTip", tip, 0, 0);
    }

    function testFuzz_checkInput_boundsURIsAndInputsInPlace(uint256 most, uint256 length, bytes1 head) external {
        VM.assume(head != 0);
        most = bound(most, 0, 1_024);
        length = bound(length, 1, 2_048);
        bytes memory input = new bytes(length);
        if (length > most) _expectOutOfBounds("input", length, 1, most);
        this.checkInput(input, most);
        input[0] = head;
        if (length > 256) _expectOutOfBounds("input", length, 1, 256);
        this.checkInput(input, most);
        _expectOutOfBounds("input", 0, 1, most);
        this.checkInput("", most);
    }

    function testFuzz_cappedRoyalty_isTheLesserOfAskedAndCap(
        Shape memory shape,
        uint96 price,
        uint256 asked,
        uint96 accepted
    ) external {
        _fit(shape);
        Job memory job = _job(shape, price);
        job.royalty = JobLib.pair(address(0), accepted);
        uint256 cap = (uint256(price) * shape.quorum * 3_000) / 10_000;
        asked = bound(asked, 0, 2 * cap + 1);
        uint256 expected = asked < cap ? asked : cap;
        if (expected > accepted) {
            VM.expectRevert(abi.encodeWithSelector(OrderLib.MarketRoyaltyTooHigh.selector, expected, accepted));
        }
        uint256 royalty = this.cappedRoyalty(job, asked);
        require(expected > accepted || royalty == expected, "royalty");
    }

    function check(Job memory job) external pure {
        OrderLib.check(job, LEAST_SEAL_PERIOD);
        OrderLib.checkUnrefereed(job);
    }

    function checkInput(bytes calldata input, uint256 most) external pure {
        OrderLib.checkInput(input, most);
    }

    function cappedRoyalty(Job memory job, uint256 asked) external pure returns (uint256) {
        uint256 earned = job.requester.amount() * job.shape.quorum();
        return OrderLib.cappedRoyalty(asked, earned, job.rules.royaltyCapBps(), job.royalty.amount());
    }

    function _expectRefused(Job memory job, bytes32 field, uint256 given, uint256 least, uint256 most) private {
        _expectOutOfBounds(field, given, least, most);
        this.check(job);
    }

    function _expectOutOfBounds(bytes32 field, uint256 given, uint256 least, uint256 most) private {
        VM.expectRevert(abi.encodeWithSelector(OrderLib.MarketTermOutOfBounds.selector, field, given, least, most));
    }

    function _job(Shape memory shape, uint96 price) private pure returns (Job memory job) {
        Rules memory rules;
        (rules.maxSealPeriod, rules.appealSize, rules.royaltyCapBps) = (
            uint16(MAX_SEAL_PERIOD),
            uint8(APPEAL_SIZE),
            3_000
        );
        job.inputRoot = keccak256("input");
        job.requester = JobLib.pair(REQUESTER, price);
        job.shape = _pack(shape);
        job.rules = RulesLib.pack(rules);
    }

    function _pack(Shape memory shape) private pure returns (JobShape) {
        uint256 word = shape.quorum | (shape.auditBps << 8) | (shape.collateralFactor << 24);
        return JobShape.wrap(bytes32(word | (shape.sealPeriod << 40) | (shape.callbackGas << 64)));
    }

    function _fit(Shape memory shape) private pure {
        shape.quorum = bound(shape.quorum, 2, 15);
        shape.auditBps = bound(shape.auditBps, 0, 10_000);
        shape.collateralFactor = bound(shape.collateralFactor, LEAST_FACTOR, type(uint16).max);
        shape.sealPeriod = bound(shape.sealPeriod, LEAST_SEAL_PERIOD, MAX_SEAL_PERIOD);
    }

    function _copy(Shape memory from) private pure returns (Shape memory) {
        return Shape(from.quorum, from.auditBps, from.collateralFactor, from.sealPeriod, from.callbackGas);
    }
}
