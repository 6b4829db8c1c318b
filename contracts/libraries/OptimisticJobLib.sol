// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {COLLATERAL_BONDS} from "../types/DisputeTypes.sol";
import {AccountAmount} from "../types/JobTypes.sol";
import {
    OptimisticJob,
    OptimisticRecord,
    OptimisticRules,
    OptimisticShape,
    OptimisticState
} from "../types/OptimisticTypes.sol";
import {Slashing} from "../types/StakingTypes.sol";
import {AuctionLib} from "./AuctionLib.sol";
import {JobLib} from "./JobLib.sol";
import {LieLib} from "./LieLib.sol";
import {OptimisticRecordLib} from "./OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "./OptimisticRulesLib.sol";

/// @title The packing of a job for one node, and what follows from its own fields
/// @dev Unchecked arithmetic where amounts are OPG below 2^96, times below 2^48, and factors below 2^24.
library OptimisticJobLib {
    using JobLib for AccountAmount;
    using LieLib for Slashing;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticRecordLib for OptimisticRecord;
    using OptimisticRulesLib for OptimisticRules;

    /// @dev The part of the answers that somebody checks even where nothing makes anybody check, in basis points.
    uint256 private constant UNAUDITED_BPS = 1_000;
    uint256 private constant OPG = 1e18;
    uint256 private constant TENTHS = 10;

    uint256 private constant REQUESTED_AT_SHIFT = 216;
    uint256 private constant ORDER_MASK = (1 << REQUESTED_AT_SHIFT) - 1;
    uint256 private constant NONCE_SHIFT = 80;
    uint256 private constant NONCE_MASK = uint256(type(uint48).max) << NONCE_SHIFT;

    /// @dev The shape of an order that is placed now. One that is never audited can say since when it stands, so that whoever
    /// brings it knows the job that it becomes; its price then rises from that time on. Auditors are drawn by what weighed before
    /// the job, so where there can be one the time is that of the order's block.
    function stamped(OptimisticShape self) internal view returns (OptimisticShape) {
        uint256 since = requestedAt(self);
        if (since > 0 && since <= block.timestamp && auditBps(self) == 0) return self;
        return OptimisticShape.wrap(bytes32((_word(self) & ORDER_MASK) | (block.timestamp << REQUESTED_AT_SHIFT)));
    }

    /// @dev The shape of the same order once more. It stands since it is placed: the price of one that is open would begin where
    /// time has taken that of an earlier one.
    /// @param nonce Below 2^48.
    function renewed(OptimisticShape self, uint256 nonce) internal pure returns (OptimisticShape) {
        return OptimisticShape.wrap(bytes32((_word(self) & ORDER_MASK & ~NONCE_MASK) | (nonce << NONCE_SHIFT)));
    }

    function windowPeriod(OptimisticShape self) internal pure returns (uint256) {
        return uint24(_word(self));
    }

    function answerPeriod(OptimisticShape self) internal pure returns (uint256) {
        return uint24(_word(self) >> 24);
    }

    function callbackGas(OptimisticShape self) internal pure returns (uint256) {
        return uint32(_word(self) >> 48);
    }

    function auditBps(OptimisticShape self) internal pure returns (uint256) {
        return uint16(_word(self) >> 128);
    }

    function auctionDelay(OptimisticShape self) internal pure returns (uint256) {
        return uint16(_word(self) >> 144);
    }

    function auctionRamp(OptimisticShape self) internal pure returns (uint256) {
        return uint24(_word(self) >> 160);
    }

    function flags(OptimisticShape self) internal pure returns (uint256) {
        return uint8(_word(self) >> 184);
    }

    /// @dev The callback takes an answer before it is final.
    function takesProvisional(OptimisticShape self) internal pure returns (bool) {
        return flags(self) == 1;
    }

    /// @dev OPG, base units.
    function valueAtStake(OptimisticShape self) internal pure returns (uint256) {
        return uint24(_word(self) >> 192) * OPG;
    }

    function requestedAt(OptimisticShape self) internal pure returns (uint256) {
        return _word(self) >> REQUESTED_AT_SHIFT;
    }

    /// @dev Nobody has answered yet, but for a seal.
    function isUnanswered(OptimisticState state) internal pure returns (bool) {
        return state != OptimisticState.None && state <= OptimisticState.Reserved;
    }

    /// @dev Neither final nor unknown.
    function isUnderWay(OptimisticState state) internal pure returns (bool) {
        return state != OptimisticState.None && state <= OptimisticState.Stated;
    }

    /// @dev A certain node may answer, or has sealed.
    function isHeld(OptimisticState state) internal pure returns (bool) {
        return state == OptimisticState.Named || state == OptimisticState.Reserved;
    }

    /// @dev The final states that have a result to deliver: an output, or a canonical error.
    function hasResult(OptimisticState state) internal pure returns (bool) {
        return state == OptimisticState.Answered || state == OptimisticState.Refused;
    }

    /// @dev The running attempt may be audited, so its answer is sealed. A second attempt never is: its requester has its
    /// money back, and nobody would pay the auditor.
    function isAudited(OptimisticShape shape, OptimisticRecord record) internal pure returns (bool) {
        return shape.auditBps() > 0 && record.attempt() == 0;
    }

    /// @dev Until when a named node or one that has reserved can answer, and anyone can reserve an open job; unix seconds,
    /// exclusive.
    function deadline(OptimisticJob calldata job, OptimisticRecord record) internal pure returns (uint256) {
        OptimisticShape shape = job.shape;
        unchecked {
            uint256 end = record.since() + shape.answerPeriod();
            bool auctioned = record.state() == OptimisticState.Open && record.attempt() == 0;
            return auctioned ? end + shape.auctionDelay() + shape.auctionRamp() : end;
        }
    }

    /// @dev Who may answer, or has sealed.
    function nodeOf(OptimisticJob calldata job, OptimisticRecord record) internal pure returns (address) {
        return record.state() == OptimisticState.Named ? job.node.account() : record.node();
    }

    /// @dev What the node that holds the job earns; of an open job, what it would earn now.
    function priceOf(OptimisticJob calldata job, OptimisticRecord record) internal view returns (uint256) {
        OptimisticState state = record.state();
        if (state == OptimisticState.Named) return job.requester.amount();
        if (state != OptimisticState.Open || record.attempt() > 0) return record.price();
        OptimisticShape shape = job.shape;
        return
            AuctionLib.priceAt(
                job.node.amount(),
                job.requester.amount(),
                shape.auctionDelay(),
                shape.auctionRamp(),
                block.timestamp - shape.requestedAt()
            );
    }

    /// @dev What answers for an answer: so much that lying does not pay even if few look, and the bonds of a dispute. Where
    /// audits are many, what not answering costs is more.
    function collateral(
        OptimisticRules rules,
        OptimisticShape shape,
        OptimisticRecord record,
        uint256 price
    ) internal pure returns (uint256) {
        unchecked {
            uint256 checkedBps = shape.isAudited(record) ? shape.auditBps() : UNAUDITED_BPS;
            uint256 feared = (rules.deterrence() * gainOf(shape, price) * JobLib.BPS) / (TENTHS * checkedBps);
            return Math.max(feared, latePenalty(rules, price)) + COLLATERAL_BONDS * rules.disputeBond();
        }
    }

    /// @dev What a lie can bring, and cost the requester.
    function gainOf(OptimisticShape shape, uint256 price) internal pure returns (uint256) {
        unchecked {
            return price + shape.valueAtStake();
        }
    }

    /// @dev What answers for an audit's answer.
    function auditCollateral(OptimisticJob calldata job, uint256 price) internal pure returns (uint256) {
        unchecked {
            return 2 * price + COLLATERAL_BONDS * job.rules.disputeBond();
        }
    }

    /// @custom:rounds Down, in favour of the requester.
    function fee(OptimisticRules rules, uint256 price) internal pure returns (uint256) {
        return JobLib.part(price, rules.feeBps());
    }

    /// @dev What not answering costs a node that has reserved.
    function latePenalty(OptimisticRules rules, uint256 price) internal pure returns (uint256) {
        unchecked {
            return price * rules.latePenaltyFactor();
        }
    }

    /// @dev What a sealed answer costs that helps nobody.
    /// @custom:rounds Down.
    function absence(OptimisticRules rules, uint256 locked) internal pure returns (uint256) {
        return JobLib.part(locked, rules.absenceBps());
    }

    /// @dev What waits for a second node when the first has lied at this price, or has sealed and not revealed. More would give
    /// a liar back what it loses, whose own the second node can be.
    function prizeAfterLie(OptimisticRecord record, uint256 price) internal pure returns (uint256) {
        return record.attempt() == 0 ? price : 0;
    }

    /// @dev What waits for a second node when the first has reserved at this price and not answered.
    /// @custom:rounds Down.
    function prizeAfterSilence(OptimisticRules rules, uint256 price) internal pure returns (uint256) {
        uint256 part = JobLib.part(latePenalty(rules, price), rules.finisherShareBps());
        return Math.min(part, OptimisticRecordLib.MOST_PRICE);
    }

    /// @dev Who gets what of a liar's collateral: the requester is made whole first, then a second node's prize is set aside,
    /// then those who proved the lie share a part of what own stake has left.
    /// @param harm OPG that makes the requester whole.
    /// @param prize_ OPG for a second node.
    /// @param slashing With as much asked for as there is: `rewarded` came in, out of `own`.
    function divide(
        OptimisticRules rules,
        uint256 harm,
        uint256 prize_,
        Slashing memory slashing
    ) internal pure returns (uint256 compensation, uint256 second, uint256 reward) {
        compensation = Math.min(harm, slashing.rewarded);
        unchecked {
            second = Math.min(prize_, slashing.rewarded - compensation);
        }
        reward = slashing.rewardOf(compensation + second, rules.challengerShareBps());
    }

    /// @dev All that the requester can come to owe; what is not used goes back to it.
    function escrow(OptimisticJob memory job) internal pure returns (uint256) {
        unchecked {
            uint256 price = job.requester.amount();
            uint256 answers = job.shape.auditBps() > 0 ? 2 : 1;
            return answers * (price + fee(job.rules, price)) + job.royalty.amount() + job.callback.amount();
        }
    }

    function _word(OptimisticShape self) private pure returns (uint256) {
        return uint256(OptimisticShape.unwrap(self));
    }
}
