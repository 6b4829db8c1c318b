// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {PauseGuardian} from "../../contracts/PauseGuardian.sol";
import {IOPGGovernor} from "../../contracts/interfaces/IOPGGovernor.sol";
import {IPausable} from "../../contracts/interfaces/IPausable.sol";
import {IPauseGuardian} from "../../contracts/interfaces/IPauseGuardian.sol";
import {ControlLib} from "../../contracts/libraries/ControlLib.sol";
import {Control} from "../support/Control.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract PauseGuardianTest is Control {
    function setUp() external {
        VM.warp(NOW);
    }

    /// @dev Whatever the guardian does and whenever, no pause lasts longer, and none follows sooner [I27].
    function testFuzz_pauses_areBoundedAndApart(uint256[8] calldata waits, bool[8] calldata resumes) external {
        uint256 endsAt;
        for (uint256 i; i < waits.length; ++i) {
            VM.warp(block.timestamp + bound(waits[i], 0, 2 * PAUSE));
            uint256 allowedAt = endsAt + COOL_DOWN;
            if (resumes[i]) {
                if (block.timestamp >= endsAt) {
                    _refuseGuardian(GUARDIAN.resume.selector, _notPaused(endsAt));
                    continue;
                }
                endsAt = block.timestamp;
                _asGuardian(GUARDIAN.resume.selector);
            } else {
                if (block.timestamp < allowedAt) {
                    _refuseGuardian(GUARDIAN.pause.selector, _tooSoon(allowedAt));
                    continue;
                }
                endsAt = block.timestamp + PAUSE;
                _asGuardian(GUARDIAN.pause.selector);
            }
            require(GUARDIAN.pausedUntil() == endsAt, "end");
            IPausable[] memory targets = GUARDIAN.targets();
            for (uint256 j; j < targets.length; ++j) require(targets[j].pausedUntil() == endsAt, "target");
        }
    }

    function testFuzz_pause_isForTheGuardianAlone(address caller) external {
        VM.assume(caller != KEEPER);
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        _refuse(caller, address(GUARDIAN), abi.encodeCall(GUARDIAN.pause, ()), refusal);
        _refuse(caller, address(GUARDIAN), abi.encodeCall(GUARDIAN.resume, ()), refusal);
    }

    function testFuzz_constructor_leavesVotersTheTimeToAnswer(
        uint256 maxPause,
        uint256 coolDown,
        uint256 any
    ) external {
        uint256 answer = GOVERNOR.MOST_VOTE_PERIOD() + TIMELOCK.MOST_PERIOD();
        maxPause = bound(maxPause, answer, 21 days);
        coolDown = bound(coolDown, answer, 60 days);
        PauseGuardian good = deploy(maxPause, coolDown, 1);
        require(good.MAX_PAUSE_PERIOD() == maxPause && good.COOL_DOWN_PERIOD() == coolDown, "periods");

        uint256 short = bound(any, 0, answer - 1);
        _expectOutOfBounds("maxPausePeriod", short, answer, 21 days);
        this.deploy(short, coolDown, 1);
        _expectOutOfBounds("coolDownPeriod", short, answer, 60 days);
        this.deploy(maxPause, short, 1);
        uint256 long = bound(any, 21 days + 1, type(uint256).max);
        _expectOutOfBounds("maxPausePeriod", long, answer, 21 days);
        this.deploy(long, coolDown, 1);
        long = bound(any, 60 days + 1, type(uint256).max);
        _expectOutOfBounds("coolDownPeriod", long, answer, 60 days);
        this.deploy(maxPause, long, 1);
    }

    function test_constructor_boundsTheTargets() external {
        uint256 answer = GOVERNOR.MOST_VOTE_PERIOD() + TIMELOCK.MOST_PERIOD();
        _expectOutOfBounds("targets", 0, 1, 8);
        this.deploy(answer, answer, 0);
        _expectOutOfBounds("targets", 9, 1, 8);
        this.deploy(answer, answer, 9);
    }

    function deploy(uint256 maxPause, uint256 coolDown, uint256 count) public returns (PauseGuardian) {
        return
            new PauseGuardian(
                address(ACCESS),
                IOPGGovernor(address(GOVERNOR)),
                maxPause,
                coolDown,
                new IPausable[](count)
            );
    }

    function _tooSoon(uint256 allowedAt) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IPauseGuardian.ControlPauseTooSoon.selector, allowedAt);
    }

    function _notPaused(uint256 endedAt) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IPauseGuardian.ControlNotPaused.selector, endedAt);
    }

    function _asGuardian(bytes4 selector) private {
        _accept(KEEPER, address(GUARDIAN), abi.encodeWithSelector(selector));
    }

    function _refuseGuardian(bytes4 selector, bytes memory refusal) private {
        _refuse(KEEPER, address(GUARDIAN), abi.encodeWithSelector(selector), refusal);
    }
}
