// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {VM} from "../support/Vm.sol";
import {Tally} from "./Tally.sol";

/// @title Invariants of random play that tells how many of its calls are accepted
/// @dev The runner calls `afterInvariant` at the end of each run.
abstract contract Measured {
    /// @dev A campaign names a file that gets what each run came to; `scripts/campaign.ts` adds it up, and wants most accepted.
    function afterInvariant() external {
        string memory file = VM.envOr("TALLY_FILE", string(""));
        if (bytes(file).length == 0) return;
        (string memory name, Tally play) = _play();
        Tally.Count[] memory counts = play.counts();
        string memory lines;
        for (uint256 i; i < counts.length; ++i) lines = string.concat(lines, _lineOf(name, counts[i]));
        // All at once: the runs of several invariants end at the same time.
        VM.writeLine(file, lines);
    }

    /// @dev Who plays, and what that is called.
    function _play() internal view virtual returns (string memory name, Tally play);

    function _lineOf(string memory name, Tally.Count memory count) private pure returns (string memory) {
        string memory numbers = string.concat(VM.toString(count.tried), " ", VM.toString(count.done));
        return string.concat(name, " ", VM.toString(abi.encodePacked(count.move)), " ", numbers, "\n");
    }
}
