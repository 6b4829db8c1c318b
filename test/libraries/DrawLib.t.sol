// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {DrawLib} from "../../contracts/libraries/DrawLib.sol";
import {bound} from "../support/Fuzz.sol";

contract DrawLibTest {
    uint256 private constant BPS = 10_000;
    uint256 private constant SUPPLY = 1e27;
    /// @dev Weights of nodes that have left may still count, but never as much as fits their slot.
    uint256 private constant MOST_TOTAL = type(uint96).max;
    uint256 private constant MOST_SEATS_BPS = (1 << 38) - 1;

    /// @dev In 512 bits nothing can overflow; the library says that 256 are enough.
    function testFuzz_isDrawn_equalsTheFormulaInWideArithmetic(
        uint128 seed,
        address node,
        uint256 weight,
        uint256 total,
        uint256 seatsBps
    ) external pure {
        weight = bound(weight, 0, SUPPLY);
        total = bound(total, 0, MOST_TOTAL);
        seatsBps = bound(seatsBps, 0, MOST_SEATS_BPS);
        bool drawn = DrawLib.isDrawn(seed, node, weight, total, seatsBps);
        require(drawn == _isDrawnWide(seed, node, weight, total, seatsBps), "drawn");
    }

    /// @dev At the largest values that the rules, the supply and the slots allow.
    function testFuzz_isDrawn_doesNotOverflowAtTheEdge(uint128 seed, address node, uint256 less) external pure {
        less = bound(less, 0, 1e9);
        (uint256 weight, uint256 total, uint256 seatsBps) = (SUPPLY - less, MOST_TOTAL - less, MOST_SEATS_BPS - less);
        bool drawn = DrawLib.isDrawn(seed, node, weight, total, seatsBps);
        require(drawn == _isDrawnWide(seed, node, weight, total, seatsBps), "drawn");
    }

    function testFuzz_isDrawn_growsWithTheWeight(
        uint128 seed,
        address node,
        uint256 weight,
        uint256 more,
        uint256 seatsBps
    ) external pure {
        seatsBps = bound(seatsBps, 1, 100 * BPS);
        weight = bound(weight, 0, SUPPLY);
        more = bound(more, weight, SUPPLY);
        bool drawn = DrawLib.isDrawn(seed, node, weight, SUPPLY, seatsBps);
        require(!drawn || DrawLib.isDrawn(seed, node, more, SUPPLY, seatsBps), "weight");
        require(!drawn || DrawLib.isDrawn(seed, node, weight, SUPPLY, 2 * seatsBps), "step");
    }

    function testFuzz_isDrawn_isCertainWhereTheChanceIsOneOrMore(
        uint128 seed,
        address node,
        uint256 weight,
        uint256 total,
        uint256 seatsBps
    ) external pure {
        seatsBps = bound(seatsBps, 1, MOST_SEATS_BPS);
        weight = bound(weight, 1, SUPPLY);
        total = bound(total, 0, Math.min((seatsBps * weight) / BPS, MOST_TOTAL));
        require(DrawLib.isDrawn(seed, node, weight, total, seatsBps), "certain");
    }

    function testFuzz_isDrawn_neverWithoutWeight(
        uint128 seed,
        address node,
        uint256 total,
        uint256 seatsBps
    ) external pure {
        total = bound(total, 0, MOST_TOTAL);
        seatsBps = bound(seatsBps, 0, MOST_SEATS_BPS);
        require(!DrawLib.isDrawn(seed, node, 0, total, seatsBps), "drawn");
    }

    function testFuzz_coin_fallsWithinTheChance(uint128 seed, uint256 chanceBps) external pure {
        chanceBps = bound(chanceBps, 0, BPS);
        require(DrawLib.coin(seed, chanceBps) == (uint256(seed) % BPS < chanceBps), "coin");
        require(!DrawLib.coin(seed, 0) && DrawLib.coin(seed, BPS), "edges");
    }

    /// @dev No two draws of a job, and no two jobs of a block, have one seed.
    function testFuzz_seed_dependsOnAllOfIt(bytes32 blockHash, bytes32 subject, uint256 purpose) external pure {
        uint128 seed = DrawLib.seed(blockHash, subject, purpose);
        require(seed == uint128(uint256(keccak256(abi.encode(blockHash, subject, purpose)))), "seed");
        require(seed != DrawLib.seed(~blockHash, subject, purpose), "block");
        require(seed != DrawLib.seed(blockHash, ~subject, purpose), "subject");
        require(seed != DrawLib.seed(blockHash, subject, ~purpose), "purpose");
    }

    /// @dev ticket / 2^128 < seatsBps / 10,000 · weight / total, both sides in 512 bits.
    function _isDrawnWide(
        uint128 seed,
        address node,
        uint256 weight,
        uint256 total,
        uint256 seatsBps
    ) private pure returns (bool) {
        uint256 ticket = uint128(uint256(keccak256(abi.encode(seed, node))));
        (uint256 leftHigh, uint256 leftLow) = Math.mul512(ticket, total * BPS);
        (uint256 rightHigh, uint256 rightLow) = Math.mul512(seatsBps * weight, 1 << 128);
        return leftHigh < rightHigh || (leftHigh == rightHigh && leftLow < rightLow);
    }
}
