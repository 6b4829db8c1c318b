// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountLib} from "../../contracts/libraries/AccountLib.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {EntryLib} from "../../contracts/libraries/EntryLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {SeatOutcomeLib} from "../../contracts/libraries/SeatOutcomeLib.sol";
import {SessionRecordLib} from "../../contracts/libraries/SessionRecordLib.sol";
import {DisputeRecord} from "../../contracts/types/DisputeTypes.sol";
import {AccountAmount, JobShape, SeatOutcome} from "../../contracts/types/JobTypes.sol";
import {Account} from "../../contracts/types/MarketTypes.sol";
import {SessionRecord} from "../../contracts/types/SessionTypes.sol";

/// @title No field of a packed word reaches into another one
contract PackingProofs {
    using AccountLib for Account;
    using DisputeRecordLib for DisputeRecord;
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using SeatOutcomeLib for SeatOutcome;
    using SessionRecordLib for SessionRecord;

    uint256 private constant MOST_OPG = 1e27;
    uint256 private constant UNIT = 1e12;

    function pairKeepsBoth(address account, uint256 amount) external pure {
        require(amount < 1 << 96);
        AccountAmount pair = JobLib.pair(account, amount);
        assert(pair.account() == account);
        assert(pair.amount() == amount);
    }

    function renewedShapeChangesTheNonceAlone(JobShape shape, uint256 nonce) external pure {
        require(nonce < 1 << 40);
        JobShape next = shape.renewed(nonce);
        assert(next.quorum() == shape.quorum());
        assert(next.callbackGas() == shape.callbackGas());
        assert(next.windowPeriod() == shape.windowPeriod());
        assert(next.requestBlock() == shape.requestBlock());
        assert((uint256(JobShape.unwrap(next)) >> 96) % (1 << 40) == nonce);
    }

    function stampedShapeKeepsTheOrder(JobShape shape) external view {
        require(block.timestamp < 1 << 48 && block.number < 1 << 48);
        JobShape next = shape.stamped();
        assert(uint160(uint256(JobShape.unwrap(next))) == uint160(uint256(JobShape.unwrap(shape))));
        assert(next.requestedAt() == block.timestamp);
        assert(next.requestBlock() == block.number);
    }

    function balanceAndFeesDoNotTouch(Account self, uint256 amount) external pure {
        require(amount <= MOST_OPG && self.balance() <= MOST_OPG && self.fees() <= MOST_OPG);
        Account more = self.plus(amount);
        assert(more.balance() == self.balance() + amount);
        assert(more.fees() == self.fees());
        Account earned = self.plusFees(amount);
        assert(earned.fees() == self.fees() + amount);
        assert(earned.balance() == self.balance());
    }

    function minusTakesFromTheBalanceAlone(Account self, uint256 amount) external pure {
        require(amount <= self.balance());
        Account less = self.minus(amount);
        assert(less.balance() == self.balance() - amount);
        assert(less.fees() == self.fees());
    }

    function withoutFeesKeepsTheBalance(Account self) external pure {
        assert(self.withoutFees().balance() == self.balance());
        assert(self.withoutFees().fees() == 0);
    }

    function outcomeKeepsAll(uint256 earned, uint256 lost, bool shares) external pure {
        require(earned < 1 << 96 && lost < 1 << 96);
        SeatOutcome outcome = SeatOutcomeLib.outcome(earned, lost, shares);
        assert(outcome.earned() == earned);
        assert(outcome.lost() == lost);
        assert(outcome.shares() == shares);
        assert(!outcome.lied());
    }

    function lieOnlyLoses(uint256 lost) external pure {
        require(lost < 1 << 96);
        SeatOutcome outcome = SeatOutcomeLib.lie(lost);
        assert(outcome.lied());
        assert(!outcome.shares());
        assert(outcome.earned() == 0);
        assert(outcome.lost() == lost);
    }

    function sealIsNeverAReveal(bytes32 commitment, bytes32 outputRoot) external pure {
        assert(EntryLib.isSealed(EntryLib.ofSeal(commitment)));
        assert(!EntryLib.isSealed(EntryLib.ofReveal(outputRoot)));
        assert(EntryLib.ofSeal(commitment) != EntryLib.ofReveal(outputRoot));
    }

    function sealsThatDifferAboveTheLastByteDiffer(bytes32 one, bytes32 other) external pure {
        require(uint256(one) >> 8 != uint256(other) >> 8);
        assert(EntryLib.ofSeal(one) != EntryLib.ofSeal(other));
    }

    function fundingChangesNothingElse(SessionRecord self, uint256 units) external pure {
        require(units < 1 << 44);
        SessionRecord next = self.withFunded(units * UNIT);
        assert(next.redeemed() == self.redeemed());
        assert(next.paid() == self.paid());
        assert(next.marked() == self.marked());
        assert(next.closesAt() == self.closesAt());
    }

    function closingChangesNoSum(SessionRecord self, uint256 time) external pure {
        require(time < 1 << 36);
        SessionRecord next = self.closing(time);
        assert(next.closesAt() == time);
        assert(next.funded() == self.funded());
        assert(next.redeemed() == self.redeemed());
    }
}
