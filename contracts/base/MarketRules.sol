// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPausable} from "../interfaces/IPausable.sol";
import {PausableEntries} from "./PausableEntries.sol";

/// @title The packed numbers that what begins next lives under, and whether anything can
/// @dev An order reads the word of rules anyway. Its highest bit says that there may be a pause: only then the end of it is
/// read. No number uses that bit: only the rules of jobs for several nodes reach it, with a horizon that is below 2^23, as stake thaws
/// for 60 days at most; all others end before it.
/// @custom:source docs/adr/0034-a-guardian-can-pause-what-begins.md
abstract contract MarketRules is PausableEntries {
    uint256 private constant PAUSE_BIT = 1 << 255;

    uint256 private _word;

    /// @inheritdoc IPausable
    function pauseUntil(uint256 time) public override {
        super.pauseUntil(time);
        _word |= PAUSE_BIT;
    }

    /// @dev The rules of what begins now. Reverts while new entries are closed; past that, the bit goes.
    function _openRules() internal returns (bytes32) {
        uint256 word = _word;
        if (word & PAUSE_BIT != 0) {
            _checkOpen();
            word ^= PAUSE_BIT;
            _word = word;
        }
        return bytes32(word);
    }

    /// @dev The rules of what begins next. A pause that runs goes on.
    function _keepRules(bytes32 rules) internal {
        _word = uint256(rules) | PAUSE_BIT;
    }

    function _keptRules() internal view returns (bytes32) {
        return bytes32(_word & ~PAUSE_BIT);
    }
}
