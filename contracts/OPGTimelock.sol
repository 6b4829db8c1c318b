// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {IOPGTimelock} from "./interfaces/IOPGTimelock.sol";
import {ControlLib} from "./libraries/ControlLib.sol";

/// @title The delay between a vote and what it does, and the treasury
contract OPGTimelock is TimelockController, IOPGTimelock {
    uint256 private constant SHORTEST_PERIOD = 2;
    uint256 private constant LONGEST_PERIOD = 30 days;

    /// @inheritdoc IOPGTimelock
    uint256 public immutable LEAST_PERIOD;
    /// @inheritdoc IOPGTimelock
    uint256 public immutable MOST_PERIOD;

    /// @param period The delay at first, seconds.
    /// @param leastPeriod The shortest delay that can be set, at least 2 seconds.
    /// @param mostPeriod The longest delay that can be set, at most 30 days.
    /// @param admin Makes the governor proposer and canceller, and renounces.
    constructor(
        uint256 period,
        uint256 leastPeriod,
        uint256 mostPeriod,
        address admin
    ) TimelockController(period, new address[](0), _anyone(), admin) {
        ControlLib.within("leastPeriod", leastPeriod, SHORTEST_PERIOD, mostPeriod);
        ControlLib.within("mostPeriod", mostPeriod, leastPeriod, LONGEST_PERIOD);
        ControlLib.within("timelockPeriod", period, leastPeriod, mostPeriod);
        LEAST_PERIOD = leastPeriod;
        MOST_PERIOD = mostPeriod;
    }

    /// @notice Changes the delay of what is scheduled from now on.
    /// @param newDelay Seconds, between `LEAST_PERIOD` and `MOST_PERIOD`.
    /// @custom:caller The timelock itself.
    function updateDelay(uint256 newDelay) public override {
        super.updateDelay(newDelay);
        ControlLib.within("timelockPeriod", newDelay, LEAST_PERIOD, MOST_PERIOD);
    }

    /// @dev What was voted for and has waited needs nobody's leave to be done.
    function _anyone() private pure returns (address[] memory executors) {
        executors = new address[](1);
    }
}
