// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {OPGTimelock} from "../../contracts/OPGTimelock.sol";
import {Control} from "../support/Control.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract OPGTimelockTest is Control {
    /// @dev The delay never leaves its bounds, nor those the bounds of the code [T117].
    function testFuzz_constructor_boundsDelayAndBounds(uint256 least, uint256 most, uint256 period) external {
        least = bound(least, 2, 30 days);
        most = bound(most, least, 30 days);
        period = bound(period, least, most);
        OPGTimelock timelock = deploy(period, least, most);
        require(timelock.getMinDelay() == period, "period");
        require(timelock.LEAST_PERIOD() == least && timelock.MOST_PERIOD() == most, "bounds");

        _expectOutOfBounds("leastPeriod", least % 2, 2, most);
        this.deploy(period, least % 2, most);
        _expectOutOfBounds("leastPeriod", most + 1, 2, most);
        this.deploy(period, most + 1, most);
        _expectOutOfBounds("mostPeriod", 30 days + least, least, 30 days);
        this.deploy(period, least, 30 days + least);
        _expectOutOfBounds("timelockPeriod", least - 1, least, most);
        this.deploy(least - 1, least, most);
        _expectOutOfBounds("timelockPeriod", most + 1, least, most);
        this.deploy(most + 1, least, most);
    }

    function testFuzz_updateDelay_isTheTimelocksOwn(address caller, uint256 period) external {
        VM.assume(caller != address(TIMELOCK));
        bytes memory refusal = abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, caller);
        bytes memory call = abi.encodeCall(TIMELOCK.updateDelay, (period));
        _refuse(caller, address(TIMELOCK), call, refusal);
        if (period < 5 || period > 8) _refuse(address(TIMELOCK), address(TIMELOCK), call, _outOfBounds(period));
        call = abi.encodeCall(TIMELOCK.updateDelay, (bound(period, 5, 8)));
        _accept(address(TIMELOCK), address(TIMELOCK), call);
        require(TIMELOCK.getMinDelay() == bound(period, 5, 8), "delay");
    }

    function deploy(uint256 period, uint256 least, uint256 most) public returns (OPGTimelock) {
        return new OPGTimelock(period, least, most, address(this));
    }

    function _outOfBounds(uint256 period) private pure returns (bytes memory) {
        return _outOfBounds("timelockPeriod", period, 5, 8);
    }
}
