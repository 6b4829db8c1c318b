// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IOPGGovernor} from "./interfaces/IOPGGovernor.sol";
import {IOPGTimelock} from "./interfaces/IOPGTimelock.sol";
import {IPausable} from "./interfaces/IPausable.sol";
import {IPauseGuardian} from "./interfaces/IPauseGuardian.sol";
import {ControlLib} from "./libraries/ControlLib.sol";

/// @title Who can close new entries for a time, and nothing else
contract PauseGuardian is AccessManaged, IPauseGuardian {
    uint256 private constant LONGEST_PAUSE_PERIOD = 21 days;
    uint256 private constant LONGEST_COOL_DOWN_PERIOD = 60 days;
    uint256 private constant MOST_TARGETS = 8;

    /// @inheritdoc IPauseGuardian
    uint256 public immutable MAX_PAUSE_PERIOD;
    /// @inheritdoc IPauseGuardian
    uint256 public immutable COOL_DOWN_PERIOD;

    /// @inheritdoc IPauseGuardian
    uint256 public pausedUntil;
    IPausable[] private _targets;

    /// @param authority The access manager.
    /// @param governor Replaces a guardian that abuses its role; knows the timelock.
    /// @param maxPausePeriod Seconds, at most 21 days and at least as long as that takes.
    /// @param coolDownPeriod Seconds, at most 60 days and at least as long as that takes.
    /// @param targets_ What a pause closes, 8 at most.
    constructor(
        address authority,
        IOPGGovernor governor,
        uint256 maxPausePeriod,
        uint256 coolDownPeriod,
        IPausable[] memory targets_
    ) AccessManaged(authority) {
        uint256 answerPeriod = governor.MOST_VOTE_PERIOD() + IOPGTimelock(governor.timelock()).MOST_PERIOD();
        ControlLib.within("maxPausePeriod", maxPausePeriod, answerPeriod, LONGEST_PAUSE_PERIOD);
        ControlLib.within("coolDownPeriod", coolDownPeriod, answerPeriod, LONGEST_COOL_DOWN_PERIOD);
        ControlLib.within("targets", targets_.length, 1, MOST_TARGETS);
        MAX_PAUSE_PERIOD = maxPausePeriod;
        COOL_DOWN_PERIOD = coolDownPeriod;
        _targets = targets_;
    }

    /// @inheritdoc IPauseGuardian
    function pause() external restricted {
        uint256 allowedAt = pausedUntil + COOL_DOWN_PERIOD;
        if (block.timestamp < allowedAt) revert ControlPauseTooSoon(allowedAt);
        uint256 endsAt = block.timestamp + MAX_PAUSE_PERIOD;
        emit Paused(msg.sender, endsAt);
        _pauseUntil(endsAt);
    }

    /// @inheritdoc IPauseGuardian
    function resume() external restricted {
        if (block.timestamp >= pausedUntil) revert ControlNotPaused(pausedUntil);
        emit Resumed(msg.sender);
        _pauseUntil(block.timestamp);
    }

    /// @inheritdoc IPauseGuardian
    function targets() external view returns (IPausable[] memory) {
        return _targets;
    }

    function _pauseUntil(uint256 time) private {
        pausedUntil = time;
        // At most MOST_TARGETS.
        for (uint256 i; i < _targets.length; ++i) _targets[i].pauseUntil(time);
    }
}
