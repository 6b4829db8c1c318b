// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Round} from "../types/CommitmentTypes.sol";
import {AccountAmount, Job, JobRecord, JobRules, JobShape, JobState} from "../types/JobTypes.sol";
import {JobRecordLib} from "./JobRecordLib.sol";
import {RoundLib} from "./RoundLib.sol";
import {RulesLib} from "./RulesLib.sol";

/// @title The packing of a job, and what follows from its own fields
/// @dev Unchecked arithmetic where amounts are OPG below 2^96, times below 2^48, and factors below 2^24.
library JobLib {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using JobRecordLib for JobRecord;
    using RulesLib for JobRules;

    uint256 internal constant BPS = 10_000;
    /// @dev An audit is a draw that one agreeing node ends.
    uint256 internal constant AUDIT_QUORUM = 1;

    /// @dev Attempts of a job: each is a round of its own in ResultCommitments.
    uint256 internal constant FIRST = 0;
    uint256 internal constant AUDIT = 1;
    uint256 internal constant APPEAL = 2;

    /// @dev What of a shape comes with the order; above it stand time and block of the request.
    uint256 private constant ORDER_MASK = (1 << 160) - 1;
    uint256 private constant NONCE_SHIFT = 96;
    uint256 private constant NONCE_MASK = uint256(type(uint40).max) << NONCE_SHIFT;

    /// @dev The caller vouches that the amount is OPG and so fits 96 bits.
    function pair(address account_, uint256 amount_) internal pure returns (AccountAmount) {
        return AccountAmount.wrap(bytes32(uint160(account_) | (amount_ << 160)));
    }

    function account(AccountAmount self) internal pure returns (address) {
        return address(uint160(uint256(AccountAmount.unwrap(self))));
    }

    function amount(AccountAmount self) internal pure returns (uint256) {
        return uint256(AccountAmount.unwrap(self)) >> 160;
    }

    /// @dev The shape of an order that is placed here and now.
    function stamped(JobShape self) internal view returns (JobShape) {
        uint256 ordered = _word(self) & ORDER_MASK;
        return JobShape.wrap(bytes32(ordered | (block.timestamp << 160) | (block.number << 208)));
    }

    /// @dev The shape of the same order once more.
    /// @param nonce Below 2^40.
    function renewed(JobShape self, uint256 nonce) internal pure returns (JobShape) {
        return JobShape.wrap(bytes32((_word(self) & ~NONCE_MASK) | (nonce << NONCE_SHIFT)));
    }

    function quorum(JobShape self) internal pure returns (uint256) {
        return uint8(_word(self));
    }

    function auditBps(JobShape self) internal pure returns (uint256) {
        return uint16(_word(self) >> 8);
    }

    function collateralFactor(JobShape self) internal pure returns (uint256) {
        return uint16(_word(self) >> 24);
    }

    function sealPeriod(JobShape self) internal pure returns (uint256) {
        return uint24(_word(self) >> 40);
    }

    function callbackGas(JobShape self) internal pure returns (uint256) {
        return uint32(_word(self) >> 64);
    }

    /// @dev Seconds in which a reveal can be disputed; zero where there is no referee.
    function windowPeriod(JobShape self) internal pure returns (uint256) {
        return uint24(_word(self) >> 136);
    }

    function requestedAt(JobShape self) internal pure returns (uint256) {
        return uint48(_word(self) >> 160);
    }

    function requestBlock(JobShape self) internal pure returns (uint256) {
        return _word(self) >> 208;
    }

    function isFinal(JobState state) internal pure returns (bool) {
        return state > JobState.Appeal;
    }

    /// @dev The final states that have a result to deliver: an output, or a canonical error.
    function hasResult(JobState state) internal pure returns (bool) {
        return state == JobState.Agreed || state == JobState.Decided || state == JobState.Refused;
    }

    /// @dev Most nodes that sit in a draw with this quorum; 1.5 times the quorum are expected.
    function seatBound(uint256 quorum_) internal pure returns (uint256) {
        unchecked {
            return 3 * quorum_ + 3;
        }
    }

    /// @dev The clock and size of the draw that runs in a state that is under way, in its first sealing step.
    function drawOf(Job calldata job, JobRecord record) internal pure returns (Round) {
        JobState state = record.state();
        JobRules rules = job.rules;
        uint256 start = record.startedAt();
        unchecked {
            if (state == JobState.Open) {
                uint256 size = job.shape.quorum();
                uint256 step = job.shape.sealPeriod();
                uint256 end = start + (1 + rules.widenSteps()) * step;
                uint256 window = job.shape.windowPeriod();
                return RoundLib.terms(start + step, end, rules.revealPeriod(), size, seatBound(size), window);
            }
            uint256 appealStep = rules.appealSealPeriod();
            uint256 appealEnd = start + (1 + rules.appealWidenSteps()) * appealStep;
            uint256 least = state == JobState.Audit ? AUDIT_QUORUM : rules.appealSize();
            uint256 most = state == JobState.Audit ? seatBound(AUDIT_QUORUM) : 2 * least;
            return RoundLib.terms(start + appealStep, appealEnd, rules.appealRevealPeriod(), least, most, 0);
        }
    }

    /// @dev Stake and weight count as they were here: before anybody could know of the job.
    function weighedAt(Job calldata job) internal pure returns (uint256) {
        unchecked {
            return job.shape.requestedAt() - job.rules.activationPeriod();
        }
    }

    /// @dev What a seat locks, OPG.
    function collateral(Job calldata job) internal pure returns (uint256) {
        unchecked {
            return job.requester.amount() * job.shape.collateralFactor();
        }
    }

    /// @dev What the nodes can earn at most from the requester: an appeal is paid by those whom it finds wrong.
    function seatEscrow(AccountAmount requester, JobShape shape) internal pure returns (uint256) {
        unchecked {
            uint256 seats = seatBound(shape.quorum());
            if (shape.auditBps() > 0) seats += seatBound(AUDIT_QUORUM);
            return seats * requester.amount();
        }
    }

    /// @custom:rounds Down, in favour of the requester.
    function fee(JobRules rules, uint256 earned) internal pure returns (uint256) {
        return part(earned, rules.feeBps());
    }

    /// @param whole OPG below 2^128.
    /// @custom:rounds Down.
    function part(uint256 whole, uint256 bps) internal pure returns (uint256) {
        unchecked {
            return (whole * bps) / BPS;
        }
    }

    /// @dev All that the requester can come to owe; what is not used goes back to it.
    /// @param royalty OPG, what the model's owner earns.
    function escrow(
        AccountAmount requester,
        AccountAmount callback,
        uint256 royalty,
        JobShape shape,
        JobRules rules
    ) internal pure returns (uint256) {
        unchecked {
            uint256 seats = seatEscrow(requester, shape);
            return seats + fee(rules, seats) + royalty + callback.amount();
        }
    }

    function _word(JobShape self) private pure returns (uint256) {
        return uint256(JobShape.unwrap(self));
    }
}
