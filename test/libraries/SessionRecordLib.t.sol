// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SessionRecordLib} from "../../contracts/libraries/SessionRecordLib.sol";
import {SessionRecord, SessionState} from "../../contracts/types/SessionTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract SessionRecordLibTest {
    using SessionRecordLib for SessionRecord;

    uint256 private constant UNIT = 1e12;
    uint256 private constant MOST_SUM = (1 << 44) - 1;
    uint256 private constant MOST_TIME = (1 << 36) - 1;
    uint256 private constant MOST_STATE = uint256(type(SessionState).max);

    /// @dev Sums in units.
    struct Fields {
        uint256 state;
        uint256 funded;
        uint256 redeemed;
        uint256 paid;
        uint256 marked;
        uint256 markedAt;
        uint256 closesAt;
    }

    /// @dev As every record is: sums in order, each within its bits.
    modifier fitting(Fields memory f) {
        f.state = bound(f.state, 0, MOST_STATE);
        f.funded = bound(f.funded, 0, MOST_SUM);
        f.redeemed = bound(f.redeemed, 0, f.funded);
        f.marked = bound(f.marked, 0, f.redeemed);
        f.paid = bound(f.paid, 0, f.marked);
        f.markedAt = bound(f.markedAt, 0, MOST_TIME);
        f.closesAt = bound(f.closesAt, 0, MOST_TIME);
        _;
    }

    function testFuzz_getters_readWhatThePackingSays(Fields memory f) external pure fitting(f) {
        _require(_pack(f), f);
    }

    function testFuzz_isUnknown_isOfTheEmptySlotAlone(Fields memory f) external pure fitting(f) {
        require(SessionRecord.wrap(0).isUnknown(), "empty");
        VM.assume(f.state != 0);
        require(!_pack(f).isUnknown(), "known");
    }

    function testFuzz_isLive_isOpenOrClosed(Fields memory f) external pure fitting(f) {
        bool live = f.state == uint256(SessionState.Open) || f.state == uint256(SessionState.Closed);
        require(_pack(f).isLive() == live, "live");
    }

    function testFuzz_opened_holdsTheDepositAlone(uint256 units) external pure {
        units = bound(units, 1, MOST_SUM);
        _require(SessionRecordLib.opened(units * UNIT), Fields(1, units, 0, 0, 0, 0, 0));
        require(SessionRecordLib.MOST_FUNDED == MOST_SUM * UNIT, "most");
    }

    function testFuzz_withFunded_changesWhatCameInAlone(Fields memory f, uint256 units) external pure fitting(f) {
        units = bound(units, f.redeemed, MOST_SUM);
        SessionRecord changed = _pack(f).withFunded(units * UNIT);
        f.funded = units;
        _require(changed, f);
    }

    function testFuzz_closing_changesTheEndAlone(Fields memory f, uint256 time) external pure fitting(f) {
        time = bound(time, 0, MOST_TIME);
        SessionRecord changed = _pack(f).closing(time);
        f.closesAt = time;
        _require(changed, f);
    }

    /// @dev What waits keeps its time; where nothing waits, the new sum begins to.
    function testFuzz_redeemedTo_marksWhereNothingWaits(
        Fields memory f,
        uint256 units,
        uint256 time,
        bool waits
    ) external fitting(f) {
        units = bound(units, f.redeemed, f.funded);
        time = bound(time, 0, MOST_TIME);
        if (!waits) f.marked = f.paid;
        VM.warp(time);
        SessionRecord changed = _pack(f).redeemedTo(units * UNIT);
        if (f.marked == f.paid) (f.marked, f.markedAt) = (units, time);
        f.redeemed = units;
        _require(changed, f);
    }

    /// @dev What was marked is paid once its time is over, and what was redeemed since is marked.
    function testFuzz_matured_paysWhatWasMarkedAfterItsTime(
        Fields memory f,
        uint24 period,
        uint256 time
    ) external fitting(f) {
        time = bound(time, 0, MOST_TIME);
        VM.warp(time);
        (SessionRecord changed, uint256 gained) = _pack(f).matured(period);
        bool due = f.marked > f.paid && time >= f.markedAt + period;
        require(gained == (due ? (f.marked - f.paid) * UNIT : 0), "gained");
        if (due) (f.paid, f.marked, f.markedAt) = (f.marked, f.redeemed, time);
        _require(changed, f);
    }

    function testFuzz_ended_givesBackWhatNobodyHasRedeemed(Fields memory f) external pure fitting(f) {
        (SessionRecord changed, uint256 rest) = _pack(f).ended();
        require(rest == (f.funded - f.redeemed) * UNIT, "rest");
        (f.state, f.funded) = (uint256(SessionState.Closed), f.redeemed);
        _require(changed, f);
    }

    function testFuzz_released_paysAllThatWasRedeemed(Fields memory f) external pure fitting(f) {
        (SessionRecord changed, uint256 gained) = _pack(f).released();
        require(gained == (f.redeemed - f.paid) * UNIT, "gained");
        (f.state, f.paid, f.marked) = (uint256(SessionState.Released), f.redeemed, f.redeemed);
        _require(changed, f);
    }

    function testFuzz_falsified_givesBackAllThatWasNotPaid(Fields memory f) external pure fitting(f) {
        (SessionRecord changed, uint256 rest) = _pack(f).falsified();
        require(rest == (f.funded - f.paid) * UNIT, "rest");
        (f.state, f.funded, f.redeemed, f.marked) = (uint256(SessionState.Falsified), f.paid, f.paid, f.paid);
        _require(changed, f);
    }

    function _pack(Fields memory f) private pure returns (SessionRecord) {
        uint256 word = f.state | (f.funded << 8) | (f.redeemed << 52) | (f.paid << 96) | (f.marked << 140);
        return SessionRecord.wrap(word | (f.markedAt << 184) | (f.closesAt << 220));
    }

    function _require(SessionRecord record, Fields memory f) private pure {
        require(SessionRecord.unwrap(record) == SessionRecord.unwrap(_pack(f)), "another word");
        require(uint256(record.state()) == f.state, "state");
        require(record.funded() == f.funded * UNIT, "funded");
        require(record.redeemed() == f.redeemed * UNIT, "redeemed");
        require(record.paid() == f.paid * UNIT, "paid");
        require(record.marked() == f.marked * UNIT, "marked");
        require(record.closesAt() == f.closesAt, "closesAt");
    }
}
