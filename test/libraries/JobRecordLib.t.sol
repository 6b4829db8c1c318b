// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {JobRecord, JobState} from "../../contracts/types/JobTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract JobRecordLibTest {
    using JobRecordLib for JobRecord;

    uint256 private constant MOST_STATE = uint256(type(JobState).max);

    struct Fields {
        uint8 state;
        bool seedBlockFixed;
        bool delivered;
        bool tipReclaimed;
        uint128 seed;
        uint48 seedBlock;
        uint48 startedAt;
    }

    /// @dev The fuzzer also gives states that there are not.
    modifier fitting(Fields memory f) {
        f.state = uint8(bound(f.state, 0, MOST_STATE));
        _;
    }

    function testFuzz_getters_readWhatThePackingSays(Fields memory f) external pure fitting(f) {
        _require(_pack(f), f);
    }

    function testFuzz_open_isAFirstDrawWithoutASeed(uint48 seedBlock, uint48 startedAt) external pure {
        JobRecord record = JobRecordLib.open(seedBlock, startedAt);
        _require(record, Fields(uint8(JobState.Open), false, false, false, 0, seedBlock, startedAt));
        require(!record.isUnknown(), "unknown");
    }

    function testFuzz_isFinal_isOfStatesAfterTheAppeal(Fields memory f) external pure fitting(f) {
        require(_pack(f).isFinal() == (f.state > uint8(JobState.Appeal)), "final");
    }

    function testFuzz_isUnknown_isOfTheEmptySlotAlone(Fields memory f) external pure fitting(f) {
        require(JobRecord.wrap(0).isUnknown(), "empty");
        VM.assume(f.state != 0);
        require(!_pack(f).isUnknown(), "known");
    }

    function testFuzz_withSeed_changesTheSeedAlone(Fields memory f, uint128 seed) external pure fitting(f) {
        JobRecord changed = _pack(f).withSeed(seed);
        f.seed = seed;
        _require(changed, f);
    }

    function testFuzz_withSeedBlockFixed_setsBlockAndFlag(Fields memory f, uint48 seedBlock) external pure fitting(f) {
        JobRecord changed = _pack(f).withSeedBlockFixed(seedBlock);
        f.seedBlock = seedBlock;
        f.seedBlockFixed = true;
        _require(changed, f);
    }

    function testFuzz_withDelivered_setsTheFlagAlone(Fields memory f) external pure fitting(f) {
        JobRecord changed = _pack(f).withDelivered();
        f.delivered = true;
        _require(changed, f);
    }

    function testFuzz_withTipReclaimed_setsTheFlagAlone(Fields memory f) external pure fitting(f) {
        JobRecord changed = _pack(f).withTipReclaimed();
        f.tipReclaimed = true;
        _require(changed, f);
    }

    /// @dev A state begins now and without flags; seed and seed block are the next state's to replace.
    function testFuzz_entered_beginsAStateNow(Fields memory f, uint8 next, uint48 time) external fitting(f) {
        VM.warp(time);
        next = uint8(bound(next, 0, MOST_STATE));
        JobRecord changed = _pack(f).entered(JobState(next));
        _require(changed, Fields(next, false, false, false, f.seed, f.seedBlock, time));
    }

    /// @dev A settled job begins its last state now, without flags, and keeps the upper 176 bits of what it ended with.
    function testFuzz_settled_keepsTheResult(uint8 end, bytes32 root, bytes32 other, uint48 time) external {
        VM.warp(time);
        end = uint8(bound(end, 0, MOST_STATE));
        JobRecord record = JobRecordLib.settled(JobState(end), root);
        require(uint8(record.state()) == end && record.startedAt() == time, "state");
        require(!record.seedBlockFixed() && !record.delivered() && !record.tipReclaimed(), "flags");
        require(record.result() == bytes32((uint256(root) >> 80) << 80), "result");
        require(record.endedWith(root) && record.withDelivered().endedWith(root), "ended with it");
        require(record.endedWith(other) == (uint256(root) >> 80 == uint256(other) >> 80), "or with another");
    }

    /// @dev By as many bits as a record keeps, whatever the state.
    function testFuzz_isError_tellsCanonicalErrors(uint8 code, uint80 rest, bytes32 output) external view {
        bytes32 root = PayloadLib.errorRoot(PayloadError(uint8(bound(code, 1, 3))));
        root = bytes32(((uint256(root) >> 80) << 80) | rest);
        require(JobRecordLib.settled(JobState.Decided, root).isError(), "error");
        // The fuzzer also tries constants that it finds in the code, such as the roots of errors.
        for (uint8 fault = 1; fault <= 3; ++fault) {
            VM.assume(uint256(output) >> 80 != uint256(PayloadLib.errorRoot(PayloadError(fault))) >> 80);
        }
        require(!JobRecordLib.settled(JobState.Decided, output).isError(), "output");
    }

    function _pack(Fields memory f) private pure returns (JobRecord) {
        uint256 word = uint256(f.state);
        if (f.seedBlockFixed) word |= 1 << 8;
        if (f.delivered) word |= 1 << 16;
        if (f.tipReclaimed) word |= 1 << 24;
        word |= (uint256(f.seed) << 32) | (uint256(f.seedBlock) << 160) | (uint256(f.startedAt) << 208);
        return JobRecord.wrap(word);
    }

    function _require(JobRecord record, Fields memory f) private pure {
        require(uint8(record.state()) == f.state, "state");
        require(record.seedBlockFixed() == f.seedBlockFixed, "seedBlockFixed");
        require(record.delivered() == f.delivered, "delivered");
        require(record.tipReclaimed() == f.tipReclaimed, "tipReclaimed");
        require(record.seed() == f.seed, "seed");
        require(record.seedBlock() == f.seedBlock, "seedBlock");
        require(record.startedAt() == f.startedAt, "startedAt");
    }
}
