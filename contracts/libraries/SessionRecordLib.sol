// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SessionRecord, SessionState} from "../types/SessionTypes.sol";
import {UnitLib} from "./UnitLib.sol";

/// @title The slot of a session
/// @dev Amounts come and go in OPG base units and are kept in millionths of OPG. Unchecked arithmetic: sums never fall, and
/// `paid <= marked <= redeemed <= funded < 2^44` millionths always holds.
library SessionRecordLib {
    uint256 private constant FUNDED_SHIFT = 8;
    uint256 private constant REDEEMED_SHIFT = 52;
    uint256 private constant PAID_SHIFT = 96;
    uint256 private constant MARKED_SHIFT = 140;
    uint256 private constant MARKED_AT_SHIFT = 184;
    uint256 private constant CLOSES_AT_SHIFT = 220;
    uint256 private constant SUM_MASK = (1 << 44) - 1;
    uint256 private constant TIME_MASK = (1 << 36) - 1;
    uint256 private constant STATE_MASK = 0xff;

    /// @dev OPG that a session can hold in its life, base units.
    uint256 internal constant MOST_FUNDED = SUM_MASK * UnitLib.UNIT;

    /// @dev A session that was just opened. The caller has checked that the deposit is whole units and fits.
    function opened(uint256 deposit) internal pure returns (SessionRecord) {
        return SessionRecord.wrap(uint256(SessionState.Open) | ((deposit / UnitLib.UNIT) << FUNDED_SHIFT));
    }

    /// @dev The caller has checked that the sum is whole units and fits.
    function withFunded(SessionRecord self, uint256 sum) internal pure returns (SessionRecord) {
        return _with(self, FUNDED_SHIFT, SUM_MASK, sum / UnitLib.UNIT);
    }

    /// @dev More was redeemed. If nothing waits to become final, this does from now on; else it does once that is.
    /// @param sum Whole units, between what was redeemed and what was funded.
    function redeemedTo(SessionRecord self, uint256 sum) internal view returns (SessionRecord) {
        SessionRecord next = _with(self, REDEEMED_SHIFT, SUM_MASK, sum / UnitLib.UNIT);
        return marked(self) == paid(self) ? _mark(next) : next;
    }

    /// @dev Pays what is final.
    function matured(SessionRecord self, uint256 period) internal view returns (SessionRecord, uint256 gained) {
        unchecked {
            gained = marked(self) - paid(self);
            if (gained == 0 || block.timestamp < _part(self, MARKED_AT_SHIFT, TIME_MASK) + period) return (self, 0);
        }
        return (_mark(_with(self, PAID_SHIFT, SUM_MASK, marked(self) / UnitLib.UNIT)), gained);
    }

    function closing(SessionRecord self, uint256 time) internal pure returns (SessionRecord) {
        return _with(self, CLOSES_AT_SHIFT, TIME_MASK, time);
    }

    /// @dev What nobody has redeemed is the payer's again.
    function ended(SessionRecord self) internal pure returns (SessionRecord next, uint256 rest) {
        unchecked {
            rest = funded(self) - redeemed(self);
        }
        next = _with(withFunded(self, redeemed(self)), 0, STATE_MASK, uint256(SessionState.Closed));
    }

    /// @dev All that was redeemed is final.
    function released(SessionRecord self) internal pure returns (SessionRecord next, uint256 gained) {
        unchecked {
            gained = redeemed(self) - paid(self);
        }
        next = _with(self, PAID_SHIFT, SUM_MASK, redeemed(self) / UnitLib.UNIT);
        next = _with(next, MARKED_SHIFT, SUM_MASK, redeemed(self) / UnitLib.UNIT);
        next = _with(next, 0, STATE_MASK, uint256(SessionState.Released));
    }

    /// @dev Nothing but what was paid before is the node's.
    function falsified(SessionRecord self) internal pure returns (SessionRecord next, uint256 rest) {
        uint256 sum = paid(self);
        unchecked {
            rest = funded(self) - sum;
        }
        next = _with(self, FUNDED_SHIFT, SUM_MASK, sum / UnitLib.UNIT);
        next = _with(next, REDEEMED_SHIFT, SUM_MASK, sum / UnitLib.UNIT);
        next = _with(next, MARKED_SHIFT, SUM_MASK, sum / UnitLib.UNIT);
        next = _with(next, 0, STATE_MASK, uint256(SessionState.Falsified));
    }

    function isUnknown(SessionRecord self) internal pure returns (bool) {
        return SessionRecord.unwrap(self) == 0;
    }

    /// @dev Nothing else writes records, so the number is that of a state.
    function state(SessionRecord self) internal pure returns (SessionState state_) {
        assembly ("memory-safe") {
            state_ := and(self, STATE_MASK)
        }
    }

    /// @dev Collateral still answers for it.
    function isLive(SessionRecord self) internal pure returns (bool) {
        SessionState now_ = state(self);
        return now_ == SessionState.Open || now_ == SessionState.Closed;
    }

    function funded(SessionRecord self) internal pure returns (uint256) {
        return _sum(self, FUNDED_SHIFT);
    }

    function redeemed(SessionRecord self) internal pure returns (uint256) {
        return _sum(self, REDEEMED_SHIFT);
    }

    function paid(SessionRecord self) internal pure returns (uint256) {
        return _sum(self, PAID_SHIFT);
    }

    function marked(SessionRecord self) internal pure returns (uint256) {
        return _sum(self, MARKED_SHIFT);
    }

    function closesAt(SessionRecord self) internal pure returns (uint256) {
        return _part(self, CLOSES_AT_SHIFT, TIME_MASK);
    }

    /// @dev All that was redeemed until now becomes final together.
    function _mark(SessionRecord self) private view returns (SessionRecord) {
        SessionRecord next = _with(self, MARKED_SHIFT, SUM_MASK, redeemed(self) / UnitLib.UNIT);
        return _with(next, MARKED_AT_SHIFT, TIME_MASK, block.timestamp);
    }

    function _sum(SessionRecord self, uint256 shift) private pure returns (uint256) {
        unchecked {
            return _part(self, shift, SUM_MASK) * UnitLib.UNIT;
        }
    }

    function _part(SessionRecord self, uint256 shift, uint256 mask) private pure returns (uint256) {
        return (SessionRecord.unwrap(self) >> shift) & mask;
    }

    function _with(
        SessionRecord self,
        uint256 shift,
        uint256 mask,
        uint256 value
    ) private pure returns (SessionRecord) {
        return SessionRecord.wrap((SessionRecord.unwrap(self) & ~(mask << shift)) | (value << shift));
    }
}
