// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {DisputeGame} from "../../contracts/DisputeGame.sol";
import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {GameRulesLib} from "../../contracts/libraries/GameRulesLib.sol";
import {TestReferee} from "../../contracts/test/TestReferee.sol";
import {DisputeRules, GameRules} from "../../contracts/types/DisputeTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

/// @title What can be set, by whom, and how far
contract GovernanceTest is SuiteAdmin {
    uint256 private constant NOW = 1_000_000;
    uint256 private constant RATE = 30_000;
    uint256 private constant MOST_GAME_PERIOD = 80;
    uint256 private constant LEAST_WINDOW_PERIOD = 30;

    function setUp() external {
        VM.warp(NOW);
    }

    /// @dev [T115]
    function testFuzz_governance_isTheAdminsAlone(address caller) external {
        VM.assume(caller != address(this));
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        GameRules rules = DISPUTES.governed();
        _refuse(caller, address(DISPUTES), abi.encodeCall(IDisputeGame.setRules, (rules)), refusal);
        bytes memory call = abi.encodeCall(IDisputeGame.addReferee, (IReferee(caller)));
        _refuse(caller, address(DISPUTES), call, refusal);
    }

    /// @dev A profile has one referee, for good.
    function testFuzz_addReferee_isOnceForEachProfile(bytes32 profile) external {
        VM.assume(profile != 0);
        IReferee first = _referee(profile);
        DISPUTES.addReferee(first);
        require(address(DISPUTES.refereeOf(profile)) == address(first), "referee");
        _refuseReferee(_referee(profile), profile, first);
        _refuseReferee(first, profile, first);
        _refuseReferee(_referee(0), 0, IReferee(address(0)));
    }

    /// @dev Every number has its bounds, to the unit [T117].
    function testFuzz_setRules_isWithinBounds(uint256 parameter, bool high) external {
        DisputeRules memory rules = _rules();
        parameter = bound(parameter, 0, 9);
        bytes32 name;
        uint256 given;
        uint256 least;
        uint256 most;
        if (parameter == 0) {
            (name, least, most, given) = ("bondFactor", 2, 50, high ? 51 : 1);
            rules.bondFactor = uint8(given);
        } else if (parameter == 1) {
            (name, least, most) = ("bondFloor", 1e18, 1e23);
            rules.bondFloor = high ? 100_001 : 0;
            given = uint256(rules.bondFloor) * 1e18;
        } else if (parameter < 7) {
            (least, most, given) = (5, 72 hours, high ? 72 hours + 1 : 4);
            if (parameter == 2) (name, rules.respondPeriod) = ("respondPeriod", uint24(given));
            if (parameter == 3) (name, rules.pickPeriod) = ("pickPeriod", uint24(given));
            if (parameter == 4) (name, rules.revealPeriod) = ("revealPeriod", uint24(given));
            if (parameter == 5) (name, rules.judgePeriod) = ("judgePeriod", uint24(given));
            if (parameter == 6) (name, rules.demandPeriod) = ("demandPeriod", uint24(given));
        } else if (parameter == 7) {
            (name, least, most, given) = ("demandMarkupBps", 12_500, 50_000, high ? 50_001 : 12_499);
            rules.demandMarkupBps = uint16(given);
        } else if (parameter == 8) {
            (name, least, most, given) = ("bondToNodeBps", 5_000, 8_000, high ? 8_001 : 4_999);
            rules.bondToNodeBps = uint16(given);
        } else {
            (name, least, most, given) = ("referenceGasPrice", 1e6, 500e9, high ? 500e9 + 1 : 1e6 - 1);
            rules.referenceGasPrice = uint40(given);
        }
        _refuseRules(rules, _outOfBounds(name, given, least, most));
    }

    /// @dev A game ends, and a window has room for demands, whatever is set [T117 I23].
    function testFuzz_setRules_nests(uint256 seed, uint8 excess) external {
        DisputeRules memory rules = _rules();
        excess = uint8(bound(excess, 1, 200));
        uint256 place = seed % 5;
        if (place == 0) rules.respondPeriod += excess;
        if (place == 1) rules.pickPeriod += excess;
        if (place == 2) rules.revealPeriod += excess;
        if (place == 3) rules.judgePeriod += excess;
        // A game in groups has two clocks of the length of a pick, and two of that of a reveal.
        uint256 given = MOST_GAME_PERIOD + (place == 1 || place == 2 ? 2 * uint256(excess) : excess);
        uint256 most = MOST_GAME_PERIOD;
        if (place == 4) {
            rules.demandPeriod = 12 + uint24(excess);
            (given, most) = (2 * rules.demandPeriod + 5, LEAST_WINDOW_PERIOD);
        }
        _refuseRules(rules, abi.encodeWithSelector(IDisputeGame.DisputeDeadlinesDoNotNest.selector, given, most));
    }

    /// @dev What gas is worth moves by a factor of two in seven days, from a hundred to 10^9 [T117].
    function testFuzz_setRules_movesTheRateSlowly(uint256 far, uint256 near, uint256 early) external {
        DisputeRules memory rules = _rules();
        uint256[3] memory bad = [RATE / 2 - 1, 2 * RATE + 1, bound(far, 2 * RATE + 1, type(uint32).max)];
        for (uint256 i; i < bad.length; ++i) {
            rules.opgPerEth = uint32(bad[i]);
            _refuseRules(rules, _outOfBounds("opgPerEth", bad[i], RATE / 2, 2 * RATE));
        }
        near = bound(near, RATE / 2, 2 * RATE);
        VM.assume(near != RATE);
        rules.opgPerEth = uint32(near);
        DISPUTES.setRules(_pack(rules));
        DISPUTES.setRules(_pack(rules));
        VM.warp(bound(early, NOW, NOW + 7 days - 1));
        rules.opgPerEth = uint32(near + 1);
        _refuseRules(rules, abi.encodeWithSelector(IDisputeGame.DisputeRateTooSoon.selector, NOW + 7 days));
        VM.warp(NOW + 7 days);
        DISPUTES.setRules(_pack(rules));
        require(GameRules.unwrap(DISPUTES.governed()) == GameRules.unwrap(_pack(rules)), "rules");
    }

    /// @dev A bond is worth its gas at the base fee where that is dear, and never below the floor [T065].
    function testFuzz_bond_followsTheGasPrice(uint64 baseFee, uint24 floor) external {
        DisputeRules memory rules = _rules();
        rules.bondFloor = uint24(bound(floor, 1, 100_000));
        DISPUTES.setRules(_pack(rules));
        VM.fee(baseFee);
        uint256 gasPrice = baseFee > 1e9 ? baseFee : 1e9;
        uint256 dear = 10 * 1_800_000 * gasPrice * RATE;
        uint256 least = uint256(rules.bondFloor) * 1e18;
        require(DISPUTES.bond() == (dear > least ? dear : least), "bond");
        require(DISPUTES.supplyPriceOf(3) == (103_930 * gasPrice * RATE * 3) / 2, "price");
    }

    /// @dev Stake thaws later than any dispute about it ends, or nothing is deployed [T117].
    function testFuzz_constructor_nests(uint256 gamePeriod, uint256 floor) external {
        gamePeriod = bound(gamePeriod, 270, 1e9);
        bytes memory nest = abi.encodeWithSelector(
            IDisputeGame.DisputeDeadlinesDoNotNest.selector,
            gamePeriod + 31,
            300
        );
        _refuse(address(this), address(this), abi.encodeCall(this.deploy, (5, gamePeriod)), nest);
        floor = floor % 5 == 0 ? floor % 5 : bound(floor, 48 hours + 1, type(uint256).max);
        bytes memory outside = _outOfBounds("moneyClockFloor", floor, 5, 48 hours);
        _refuse(address(this), address(this), abi.encodeCall(this.deploy, (floor, 60)), outside);
        require(this.deploy(5, 269).MOST_GAME_PERIOD() == 269, "deployed");
    }

    /// @dev Outwards, so that its refusal can be looked at.
    function deploy(uint256 floor, uint256 gamePeriod) external returns (DisputeGame) {
        return
            new DisputeGame(
                DISPUTES.authority(),
                STAKING,
                COMMITMENTS,
                floor,
                gamePeriod,
                LEAST_WINDOW_PERIOD,
                _rules(),
                new IReferee[](0)
            );
    }

    function _referee(bytes32 profile) private returns (IReferee) {
        return IReferee(address(new TestReferee(profile, TestReferee.Behaviour.Honest)));
    }

    function _refuseReferee(IReferee referee, bytes32 profile, IReferee present) private {
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeRefereeTaken.selector, profile, present);
        bytes memory call = abi.encodeCall(IDisputeGame.addReferee, (referee));
        _refuse(address(this), address(DISPUTES), call, refusal);
    }

    function _refuseRules(DisputeRules memory rules, bytes memory refusal) private {
        bytes memory call = abi.encodeCall(IDisputeGame.setRules, (_pack(rules)));
        _refuse(address(this), address(DISPUTES), call, refusal);
    }

    function _outOfBounds(
        bytes32 name,
        uint256 given,
        uint256 least,
        uint256 most
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(GameRulesLib.DisputeOutOfBounds.selector, name, given, least, most);
    }

    /// @dev Those of `local.json5`.
    function _rules() private pure returns (DisputeRules memory) {
        return DisputeRules(10, 1, 20, 10, 10, 20, 10, 15_000, 6_000, 1e9, uint32(RATE));
    }

    function _pack(DisputeRules memory rules) private pure returns (GameRules) {
        return GameRulesLib.pack(rules);
    }
}
