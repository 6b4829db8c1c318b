// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {IInputSource} from "../interfaces/IInputSource.sol";
import {IScheduledCallback} from "../interfaces/IScheduledCallback.sol";
import {InferenceInput} from "../types/ConsumerTypes.sol";
import {JobId} from "../types/JobTypes.sol";
import {ScheduleId} from "../types/SchedulerTypes.sol";

/// @title A source of inputs, and a callback that takes note of runs, which misbehave as they are told
contract TestSource is IInputSource, IScheduledCallback {
    using Address for address;

    enum Mood {
        Fair,
        Reverts,
        BurnsGas,
        ReturnsMuch,
        ReturnsNonsense,
        SwallowsWant, // gives another input where it gets little gas
        Reenters
    }

    Mood public mood;
    bytes32 private _root;
    bytes private _carried;
    bytes private _call;

    event Noted(address caller, ScheduleId scheduleId, uint256 index, JobId jobId);

    error Unwilling(ScheduleId scheduleId, uint256 index);

    /// @param root Payload root of the input.
    /// @param carried What is carried of it.
    function give(bytes32 root, bytes calldata carried) external {
        _root = root;
        _carried = carried;
    }

    /// @param mood_ How to behave from now on.
    function setMood(Mood mood_) external {
        mood = mood_;
    }

    /// @param call What to call back with when a run is noted.
    function reenterWith(bytes calldata call) external {
        mood = Mood.Reenters;
        _call = call;
    }

    /// @inheritdoc IScheduledCallback
    function onScheduled(ScheduleId scheduleId, uint256 index, JobId jobId) external {
        if (mood == Mood.Reverts) revert Unwilling(scheduleId, index);
        if (mood == Mood.BurnsGas) _burn();
        if (mood == Mood.Reenters) msg.sender.functionCall(_call);
        emit Noted(msg.sender, scheduleId, index, jobId);
    }

    /// @inheritdoc IInputSource
    function inputOf(ScheduleId scheduleId, uint256 index) external view returns (InferenceInput memory) {
        if (mood == Mood.Reverts) revert Unwilling(scheduleId, index);
        if (mood == Mood.BurnsGas) _burn();
        if (mood == Mood.ReturnsMuch) _return(60_000);
        if (mood == Mood.ReturnsNonsense) _return(96);
        if (mood == Mood.SwallowsWant && gasleft() < 400_000)
            return InferenceInput(keccak256("little"), "ipfs://little");
        return InferenceInput(_root, _carried);
    }

    function _burn() private pure {
        assembly ("memory-safe") {
            invalid()
        }
    }

    function _return(uint256 size) private pure {
        assembly ("memory-safe") {
            return(0x80, size)
        }
    }
}
