// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {StatementId} from "../types/CommitmentTypes.sol";
import {OptimisticRecord, OptimisticState} from "../types/OptimisticTypes.sol";
import {UnitLib} from "./UnitLib.sol";

/// @title The slot of a job for one node
library OptimisticRecordLib {
    uint256 private constant STATE_MASK = 0xff;
    uint256 private constant SECOND = 1 << 8;
    uint256 private constant DELIVERED = 1 << 9;
    uint256 private constant TIP_GONE = 1 << 10;
    uint256 private constant FLAGS_MASK = 0xff00;
    uint256 private constant PRICE_SHIFT = 16;
    uint256 private constant PRICE_MASK = ((1 << 40) - 1) << PRICE_SHIFT;
    uint256 private constant TIME_SHIFT = 56;
    uint256 private constant NODE_SHIFT = 96;
    uint256 private constant NODE_MASK = uint256(type(uint160).max) << NODE_SHIFT;

    /// @dev OPG that a record can hold as a price.
    uint256 internal constant MOST_PRICE = ((1 << 40) - 1) * UnitLib.UNIT;

    /// @dev A job that was just requested.
    function begun(OptimisticState state_) internal view returns (OptimisticRecord) {
        return entered(OptimisticRecord.wrap(0), state_);
    }

    /// @dev Nothing else writes records, so the number is that of a state, and need not be looked at in every call.
    function state(OptimisticRecord self) internal pure returns (OptimisticState state_) {
        assembly ("memory-safe") {
            state_ := and(self, STATE_MASK)
        }
    }

    function isUnknown(OptimisticRecord self) internal pure returns (bool) {
        return OptimisticRecord.unwrap(self) == 0;
    }

    /// @dev Which attempt runs: the first node's, or that of a second one after the first has failed.
    function attempt(OptimisticRecord self) internal pure returns (uint256) {
        return OptimisticRecord.unwrap(self) & SECOND == 0 ? 0 : 1;
    }

    /// @dev The callback has taken what the running attempt states.
    function delivered(OptimisticRecord self) internal pure returns (bool) {
        return OptimisticRecord.unwrap(self) & DELIVERED != 0;
    }

    /// @dev The tip was paid for a delivery, or went back to the requester.
    function tipGone(OptimisticRecord self) internal pure returns (bool) {
        return OptimisticRecord.unwrap(self) & TIP_GONE != 0;
    }

    /// @dev What the reserving node earns; before a second reservation, what waits for it. OPG, base units.
    function price(OptimisticRecord self) internal pure returns (uint256) {
        return uint40(OptimisticRecord.unwrap(self) >> PRICE_SHIFT) * UnitLib.UNIT;
    }

    /// @dev Beginning of the state, unix seconds.
    function since(OptimisticRecord self) internal pure returns (uint256) {
        return uint40(OptimisticRecord.unwrap(self) >> TIME_SHIFT);
    }

    /// @dev When this statement can be disputed no more, unix seconds, exclusive; of a final job, a time that is past. Zero if
    /// it is not what was stated. Two statements with the same 160 bits cost as much as two contracts at one address, and so
    /// does one that looks like a node before anything was stated.
    function disputableUntil(OptimisticRecord self, StatementId id) internal pure returns (uint256) {
        bool isStated = (OptimisticRecord.unwrap(self) ^ uint256(StatementId.unwrap(id))) >> NODE_SHIFT == 0;
        return isStated ? since(self) : 0;
    }

    /// @dev Who has reserved the job, or failed at it; only before `Stated`.
    function node(OptimisticRecord self) internal pure returns (address) {
        return address(uint160(OptimisticRecord.unwrap(self) >> NODE_SHIFT));
    }

    function withDelivered(OptimisticRecord self) internal pure returns (OptimisticRecord) {
        return OptimisticRecord.wrap(OptimisticRecord.unwrap(self) | DELIVERED | TIP_GONE);
    }

    function withTipGone(OptimisticRecord self) internal pure returns (OptimisticRecord) {
        return OptimisticRecord.wrap(OptimisticRecord.unwrap(self) | TIP_GONE);
    }

    /// @dev The job in its next state, which begins now.
    function entered(OptimisticRecord self, OptimisticState next) internal view returns (OptimisticRecord) {
        uint256 kept = OptimisticRecord.unwrap(self) & (FLAGS_MASK | PRICE_MASK | NODE_MASK);
        return OptimisticRecord.wrap(kept | uint256(next) | (block.timestamp << TIME_SHIFT));
    }

    /// @dev The caller vouches that the price is of whole units and at most `MOST_PRICE`.
    function held(OptimisticRecord self, address node_, uint256 price_) internal pure returns (OptimisticRecord) {
        uint256 rest = OptimisticRecord.unwrap(self) & ~(PRICE_MASK | NODE_MASK);
        uint256 units = price_ / UnitLib.UNIT;
        return OptimisticRecord.wrap(rest | (units << PRICE_SHIFT) | (uint256(uint160(node_)) << NODE_SHIFT));
    }

    /// @dev What was stated, for this price, can be disputed until then. The caller vouches as for `held`.
    function stated(
        OptimisticRecord self,
        StatementId id,
        uint256 price_,
        uint256 disputableUntil_
    ) internal pure returns (OptimisticRecord) {
        uint256 kept = OptimisticRecord.unwrap(self) & FLAGS_MASK;
        uint256 statement = uint256(StatementId.unwrap(id)) & NODE_MASK;
        uint256 units = price_ / UnitLib.UNIT;
        uint256 word = uint256(OptimisticState.Stated) | (units << PRICE_SHIFT) | (disputableUntil_ << TIME_SHIFT);
        return OptimisticRecord.wrap(kept | word | statement);
    }

    /// @dev The job for a second node, for which `prize` waits. All that the requester had paid has gone back.
    function reopened(OptimisticRecord self, address failed, uint256 prize) internal view returns (OptimisticRecord) {
        uint256 fresh = OptimisticRecord.unwrap(entered(self, OptimisticState.Open)) & ~DELIVERED;
        return held(OptimisticRecord.wrap(fresh | SECOND | TIP_GONE), failed, prize);
    }
}
