// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {HistoryLib} from "../../contracts/libraries/HistoryLib.sol";
import {VM} from "../support/Vm.sol";

contract HistoryLibTest {
    using Checkpoints for Checkpoints.Trace208;
    using HistoryLib for Checkpoints.Trace208;

    uint256 private constant CHANGES = 16;
    uint48 private constant BEGINNING = 1_000;

    Checkpoints.Trace208 private _older;
    uint48 private _since;
    uint208 private _present;

    /// @dev Random values at random times, several in one second now and then: each second keeps its last one for good.
    function testFuzz_valueAt_isTheLastValueOfThatSecond(uint256 random) external {
        uint256[CHANGES] memory times;
        uint208[CHANGES] memory values;
        uint48 time = BEGINNING;
        for (uint256 i; i < CHANGES; ++i) {
            random = uint256(keccak256(abi.encode(random)));
            time += uint48(random % 3);
            values[i] = uint208(random >> 48);
            times[i] = time;
            _write(time, values[i]);
        }

        uint208 expected;
        uint256 next;
        for (uint256 second = BEGINNING - 1; second <= uint256(time) + 3; ++second) {
            while (next < CHANGES && times[next] <= second) expected = values[next++];
            require(_older.valueAt(_since, _present, second) == expected, "value");
        }
    }

    /// @dev The usual look-up, of now or of a time not long ago, reads no slot of the history.
    function testFuzz_valueAt_ofThePresentNeedsNoHistory(uint48 since, uint208 present, uint256 time) external view {
        if (time < since) time = since;
        require(_older.valueAt(since, present, time) == present, "present");
        require(_older.length() == 0, "history");
    }

    function testFuzz_retire_keepsOneEntryForASecond(uint208 first, uint208 last, uint208 next) external {
        _write(BEGINNING, first);
        _write(BEGINNING, last);
        require(_older.length() == 0, "a value that held for no time");
        _write(BEGINNING + 1, next);
        require(_older.length() == 1 && _older.latest() == last, "the last one of its second");
    }

    function _write(uint48 time, uint208 value) private {
        VM.warp(time);
        _older.retire(_since, _present);
        (_since, _present) = (time, value);
    }
}
