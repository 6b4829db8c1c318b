// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {RankingLib} from "../../contracts/libraries/RankingLib.sol";
import {SHARER_PLACES, Sharer} from "../../contracts/types/DisputeTypes.sol";
import {bound} from "../support/Fuzz.sol";

contract RankingLibTest {
    using RankingLib for Sharer;
    using RankingLib for Sharer[SHARER_PLACES];

    uint256 private constant MOST = 8;

    Sharer[SHARER_PLACES] private _sharers;

    /// @dev The places are those of a stable sort, however many come in whatever order [T063].
    function testFuzz_enter_keepsTheFirstOfAStableSort(uint256 seed, uint256 count) external {
        count = bound(count, 0, MOST);
        uint256[] memory ranks = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            ranks[i] = uint256(keccak256(abi.encode(seed, i))) % 4;
            bool placed = _sharers.enter(_account(i), ranks[i]);
            require(placed == (_before(ranks, i, i + 1) < SHARER_PLACES), "placed");
        }
        for (uint256 i; i < count; ++i) {
            uint256 place = _before(ranks, i, count);
            if (place >= SHARER_PLACES) continue;
            require(_sharers[place].account() == _account(i) && _sharers[place].rank() == ranks[i], "place");
        }
        for (uint256 i = count; i < SHARER_PLACES; ++i) require(_sharers[i].isNone(), "none");
    }

    /// @dev How many of the first `count` stand before one of them.
    function _before(uint256[] memory ranks, uint256 one, uint256 count) private pure returns (uint256 place) {
        for (uint256 i; i < count; ++i) {
            if (ranks[i] < ranks[one] || (ranks[i] == ranks[one] && i < one)) ++place;
        }
    }

    function _account(uint256 i) private pure returns (address) {
        return address(uint160(i + 1));
    }
}
