// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Who may sit
/// @notice A node is drawn if a hash of seed and node lies under a threshold proportional to its weight. Every drawn node
/// may sit, so arriving first wins nothing, and the cost does not depend on how many nodes there are.
library DrawLib {
    uint256 private constant BPS = 10_000;

    /// @dev The seed of one draw of one job: never the same for two jobs of a block, or for two draws of a job.
    function seed(bytes32 blockHash, bytes32 subject, uint256 purpose) internal pure returns (uint128) {
        return uint128(uint256(keccak256(abi.encode(blockHash, subject, purpose))));
    }

    /// @dev True with probability `min(1, seatsBps / 10,000 · weight / totalWeight)`. Exact, without a division. Nothing
    /// overflows: the ticket is below 2^128, weights are at most 1e27 < 2^90 and seatsBps is below 2^38.
    /// @param seatsBps How many seats the draw expects, in basis points.
    function isDrawn(
        uint128 drawSeed,
        address node,
        uint256 weight,
        uint256 totalWeight,
        uint256 seatsBps
    ) internal pure returns (bool) {
        unchecked {
            uint256 ticket = uint128(uint256(keccak256(abi.encode(drawSeed, node))));
            return ticket * totalWeight * BPS < (seatsBps * weight) << 128;
        }
    }

    /// @dev True with probability `chanceBps / 10,000`.
    function coin(uint128 drawSeed, uint256 chanceBps) internal pure returns (bool) {
        return drawSeed % BPS < chanceBps;
    }
}
