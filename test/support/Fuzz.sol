// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev Any number, brought between `least` and `most` so that both of them come up.
function bound(uint256 any, uint256 least, uint256 most) pure returns (uint256) {
    if (any >= least && any <= most) return any;
    uint256 size = most - least + 1;
    return size == 0 ? any : least + (any % size);
}

/// @dev A number up to `limit` that is not from `least` to `most`: now below, now above.
function outside(uint256 any, uint256 least, uint256 most, uint256 limit) pure returns (uint256) {
    return any % 2 == 0 ? bound(any, 0, least - 1) : bound(any, most + 1, limit);
}

/// @dev A number of which every bit says something: the runner likes small ones.
function spread(uint256 seed) pure returns (uint256) {
    return uint256(keccak256(abi.encode(seed)));
}
