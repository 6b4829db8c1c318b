// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Round} from "../types/CommitmentTypes.sol";
import {Job, JobRecord, JobShape, JobState} from "../types/JobTypes.sol";
import {JobLib} from "./JobLib.sol";
import {JobRecordLib} from "./JobRecordLib.sol";
import {RoundLib} from "./RoundLib.sol";
import {SeedLib} from "./SeedLib.sol";

/// @title Where a job can go before its last draw's reveals say so
library SealingLib {
    using JobLib for Job;
    using JobLib for JobShape;
    using JobRecordLib for JobRecord;
    using RoundLib for Round;

    /// @param round The last one of the job.
    /// @return over Nothing can change in the round any more, and its reveals decide.
    /// @return next If not: the job's own state, or `Unanswered`.
    function conclude(
        Job calldata job,
        JobRecord record,
        Round round,
        uint256 seedPeriod
    ) internal view returns (bool over, JobState next) {
        JobState state = record.state();
        if (_isSealing(job, record, round)) {
            return (false, _isSeedMissed(job, record, seedPeriod) ? JobState.Unanswered : state);
        }
        if (state == JobState.Open && round.sealedCount() < job.shape.quorum()) return (false, JobState.Unanswered);
        return (round.isOver(), state);
    }

    function _isSealing(Job calldata job, JobRecord record, Round round) private view returns (bool) {
        if (round.sealedCount() > 0) return round.isSealing();
        return block.timestamp < job.drawOf(record).lastSealEndsAt();
    }

    function _isSeedMissed(Job calldata job, JobRecord record, uint256 seedPeriod) private view returns (bool) {
        if (record.seed() != 0) return false;
        (SeedLib.Seeding seeding, ) = SeedLib.first(record, job.shape.requestedAt(), seedPeriod);
        return seeding == SeedLib.Seeding.Missed;
    }
}
