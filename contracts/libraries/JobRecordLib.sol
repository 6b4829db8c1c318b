// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobRecord, JobState} from "../types/JobTypes.sol";
import {PayloadLib} from "./PayloadLib.sol";

/// @title The slot of a job
library JobRecordLib {
    uint256 private constant STATE_MASK = 0xff;
    uint256 private constant SEED_BLOCK_FIXED = 1 << 8;
    uint256 private constant DELIVERED = 1 << 16;
    uint256 private constant TIP_RECLAIMED = 1 << 24;
    uint256 private constant SEED_SHIFT = 32;
    uint256 private constant SEED_MASK = ((1 << 128) - 1) << SEED_SHIFT;
    uint256 private constant SEED_BLOCK_SHIFT = 160;
    uint256 private constant SEED_BLOCK_MASK = ((1 << 48) - 1) << SEED_BLOCK_SHIFT;
    uint256 private constant STARTED_AT_SHIFT = 208;
    uint256 private constant RESULT_MASK = SEED_MASK | SEED_BLOCK_MASK;
    /// @dev From where a root has its upper 176 bits to where a settled job has them.
    uint256 private constant RESULT_SHIFT = 48;

    /// @dev A job that was just requested. The caller vouches that block and time fit 48 bits.
    function open(uint256 seedBlock_, uint256 startedAt_) internal pure returns (JobRecord) {
        return
            JobRecord.wrap(
                uint256(JobState.Open) | (seedBlock_ << SEED_BLOCK_SHIFT) | (startedAt_ << STARTED_AT_SHIFT)
            );
    }

    /// @dev Nothing else writes records, so the number is that of a state.
    function state(JobRecord self) internal pure returns (JobState state_) {
        assembly ("memory-safe") {
            state_ := and(self, STATE_MASK)
        }
    }

    /// @dev Of a job that is under way: each of its draws is one more.
    function attempt(JobRecord self) internal pure returns (uint256) {
        unchecked {
            return uint256(state(self)) - uint256(JobState.Open);
        }
    }

    function isFinal(JobRecord self) internal pure returns (bool) {
        return JobRecord.unwrap(self) & STATE_MASK > uint256(JobState.Appeal);
    }

    function isUnknown(JobRecord self) internal pure returns (bool) {
        return JobRecord.unwrap(self) == 0;
    }

    /// @dev `seedBlock` was fixed for the next draw, because not all had revealed.
    function seedBlockFixed(JobRecord self) internal pure returns (bool) {
        return JobRecord.unwrap(self) & SEED_BLOCK_FIXED != 0;
    }

    /// @dev The callback was served.
    function delivered(JobRecord self) internal pure returns (bool) {
        return JobRecord.unwrap(self) & DELIVERED != 0;
    }

    /// @dev The requester has its tip back.
    function tipReclaimed(JobRecord self) internal pure returns (bool) {
        return JobRecord.unwrap(self) & TIP_RECLAIMED != 0;
    }

    /// @dev Of the running draw; zero until it is recorded.
    function seed(JobRecord self) internal pure returns (uint128) {
        return uint128(JobRecord.unwrap(self) >> SEED_SHIFT);
    }

    /// @dev The block whose hash seeds the running draw, or the next one once that is fixed.
    function seedBlock(JobRecord self) internal pure returns (uint256) {
        return uint48(JobRecord.unwrap(self) >> SEED_BLOCK_SHIFT);
    }

    /// @dev Start of the running draw's sealing, unix seconds; of a final job, when it became final.
    function startedAt(JobRecord self) internal pure returns (uint256) {
        return JobRecord.unwrap(self) >> STARTED_AT_SHIFT;
    }

    function withSeed(JobRecord self, uint128 seed_) internal pure returns (JobRecord) {
        return JobRecord.wrap((JobRecord.unwrap(self) & ~SEED_MASK) | (uint256(seed_) << SEED_SHIFT));
    }

    function withSeedBlockFixed(JobRecord self, uint256 seedBlock_) internal pure returns (JobRecord) {
        uint256 rest = JobRecord.unwrap(self) & ~SEED_BLOCK_MASK;
        return JobRecord.wrap(rest | SEED_BLOCK_FIXED | (seedBlock_ << SEED_BLOCK_SHIFT));
    }

    function withDelivered(JobRecord self) internal pure returns (JobRecord) {
        return JobRecord.wrap(JobRecord.unwrap(self) | DELIVERED);
    }

    function withTipReclaimed(JobRecord self) internal pure returns (JobRecord) {
        return JobRecord.wrap(JobRecord.unwrap(self) | TIP_RECLAIMED);
    }

    /// @dev Of a settled job: the upper 176 bits of its result's root, or zero.
    function result(JobRecord self) internal pure returns (bytes32) {
        return bytes32((JobRecord.unwrap(self) & RESULT_MASK) << RESULT_SHIFT);
    }

    /// @dev Whether a settled job ended with this output: who wants another of the same 176 bits looks for it 2^88 times,
    /// and runs the model as often.
    function endedWith(JobRecord self, bytes32 outputRoot) internal pure returns (bool) {
        return (uint256(outputRoot) >> RESULT_SHIFT) & RESULT_MASK == JobRecord.unwrap(self) & RESULT_MASK;
    }

    /// @dev Whether a settled job ended with a canonical error: one that was decided can, too.
    function isError(JobRecord self) internal pure returns (bool) {
        return
            endedWith(self, PayloadLib.INPUT_MISSING) ||
            endedWith(self, PayloadLib.INPUT_MALFORMED) ||
            endedWith(self, PayloadLib.REFUSED_BY_MODEL);
    }

    /// @dev The job in the state in which it ends now, with its result or zero.
    function settled(JobState end, bytes32 outputRoot) internal view returns (JobRecord) {
        uint256 kept = (uint256(outputRoot) >> RESULT_SHIFT) & RESULT_MASK;
        return JobRecord.wrap(kept | uint256(end) | (block.timestamp << STARTED_AT_SHIFT));
    }

    /// @dev The job in its next state, which begins now.
    function entered(JobRecord self, JobState next) internal view returns (JobRecord) {
        uint256 kept = JobRecord.unwrap(self) & (SEED_MASK | SEED_BLOCK_MASK);
        return JobRecord.wrap(kept | uint256(next) | (block.timestamp << STARTED_AT_SHIFT));
    }
}
