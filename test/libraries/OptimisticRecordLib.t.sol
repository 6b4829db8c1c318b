// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {OptimisticRecord, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract OptimisticRecordLibTest {
    using OptimisticRecordLib for OptimisticRecord;

    uint256 private constant MOST_STATE = uint256(type(OptimisticState).max);
    uint256 private constant UNIT = 1e12;

    struct Fields {
        uint8 state;
        bool second;
        bool delivered;
        bool tipGone;
        uint40 price;
        uint40 since;
        address node;
    }

    /// @dev The fuzzer also gives states that there are not.
    modifier fitting(Fields memory f) {
        f.state = uint8(bound(f.state, 0, MOST_STATE));
        _;
    }

    function testFuzz_getters_readWhatThePackingSays(Fields memory f) external pure fitting(f) {
        _require(_pack(f), f);
    }

    function testFuzz_isUnknown_isOfTheEmptySlotAlone(Fields memory f) external pure fitting(f) {
        require(OptimisticRecord.wrap(0).isUnknown(), "empty");
        VM.assume(f.state != 0);
        require(!_pack(f).isUnknown(), "known");
    }

    function testFuzz_begun_isAFirstAttemptOfNobody(uint8 state, uint40 time) external {
        state = uint8(bound(state, 1, MOST_STATE));
        VM.warp(time);
        _require(
            OptimisticRecordLib.begun(OptimisticState(state)),
            Fields(state, false, false, false, 0, time, address(0))
        );
    }

    function testFuzz_entered_changesStateAndTimeAlone(Fields memory f, uint8 next, uint40 time) external fitting(f) {
        next = uint8(bound(next, 0, MOST_STATE));
        VM.warp(time);
        OptimisticRecord changed = _pack(f).entered(OptimisticState(next));
        (f.state, f.since) = (next, time);
        _require(changed, f);
    }

    function testFuzz_held_changesNodeAndPriceAlone(
        Fields memory f,
        address node,
        uint40 price
    ) external pure fitting(f) {
        OptimisticRecord changed = _pack(f).held(node, price * UNIT);
        (f.node, f.price) = (node, price);
        _require(changed, f);
    }

    function testFuzz_stated_keepsThePriceTheWindowAndTheStatement(
        Fields memory f,
        bytes32 id,
        bytes32 other,
        uint40 price,
        uint40 until
    ) external pure fitting(f) {
        OptimisticRecord changed = _pack(f).stated(StatementId.wrap(id), price * UNIT, until);
        require(changed.disputableUntil(StatementId.wrap(id)) == until, "until");
        uint256 same = bytes20(id) == bytes20(other) ? until : 0;
        require(changed.disputableUntil(StatementId.wrap(other)) == same, "nothing else");
        (f.state, f.price, f.since, f.node) = (uint8(OptimisticState.Stated), price, until, address(bytes20(id)));
        _require(changed, f);
    }

    function testFuzz_withDelivered_spendsTheTip(Fields memory f) external pure fitting(f) {
        OptimisticRecord changed = _pack(f).withDelivered();
        (f.delivered, f.tipGone) = (true, true);
        _require(changed, f);
    }

    function testFuzz_withTipGone_changesTheTipAlone(Fields memory f) external pure fitting(f) {
        OptimisticRecord changed = _pack(f).withTipGone();
        f.tipGone = true;
        _require(changed, f);
    }

    /// @dev The second attempt can be delivered although the first one was, but no tip is left for it.
    function testFuzz_reopened_isASecondAttemptAtAPrize(
        Fields memory f,
        address failed,
        uint40 prize,
        uint40 time
    ) external fitting(f) {
        VM.warp(time);
        _require(
            _pack(f).reopened(failed, prize * UNIT),
            Fields(uint8(OptimisticState.Open), true, false, true, prize, time, failed)
        );
    }

    function _pack(Fields memory f) private pure returns (OptimisticRecord) {
        uint256 flags = (f.second ? 1 : 0) | (f.delivered ? 2 : 0) | (f.tipGone ? 4 : 0);
        uint256 word = f.state | (flags << 8) | (uint256(f.price) << 16) | (uint256(f.since) << 56);
        return OptimisticRecord.wrap(word | (uint256(uint160(f.node)) << 96));
    }

    function _require(OptimisticRecord record, Fields memory f) private pure {
        require(uint8(record.state()) == f.state, "state");
        require(record.attempt() == (f.second ? 1 : 0), "attempt");
        require(record.delivered() == f.delivered, "delivered");
        require(record.tipGone() == f.tipGone, "tipGone");
        require(record.price() == f.price * UNIT, "price");
        require(record.since() == f.since, "since");
        require(record.node() == f.node, "node");
    }
}
