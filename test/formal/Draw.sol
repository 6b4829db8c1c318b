// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {DrawLib} from "../../contracts/libraries/DrawLib.sol";

/// @title The threshold of a draw, for whatever the hash gives
contract DrawProofs {
    uint256 private constant BPS = 10_000;
    uint256 private constant SUPPLY = 1e27;

    function withoutWeightNobodyIsDrawn(uint128 seed, address node, uint256 total, uint256 seatsBps) external pure {
        require(total <= SUPPLY && seatsBps < 1 << 38);
        assert(!DrawLib.isDrawn(seed, node, 0, total, seatsBps));
    }

    function withoutSeatsNobodyIsDrawn(uint128 seed, address node, uint256 weight, uint256 total) external pure {
        require(weight <= total && total <= SUPPLY);
        assert(!DrawLib.isDrawn(seed, node, weight, total, 0));
    }

    function whoMustBeDrawnIs(
        uint128 seed,
        address node,
        uint256 weight,
        uint256 total,
        uint256 seatsBps
    ) external pure {
        require(0 < weight && weight <= total && total <= SUPPLY && seatsBps < 1 << 38);
        require(seatsBps * weight >= total * BPS);
        assert(DrawLib.isDrawn(seed, node, weight, total, seatsBps));
    }

    function allWeightIsDrawnForOneSeat(uint128 seed, address node, uint256 weight) external pure {
        require(0 < weight && weight <= SUPPLY);
        assert(DrawLib.isDrawn(seed, node, weight, weight, BPS));
    }

    function moreWeightIsNoWorse(
        uint128 seed,
        address node,
        uint256 weight,
        uint256 more,
        uint256 total,
        uint256 seatsBps
    ) external pure {
        require(weight <= more && more <= total && total <= SUPPLY && seatsBps < 1 << 38);
        bool before = DrawLib.isDrawn(seed, node, weight, total, seatsBps);
        bool after_ = DrawLib.isDrawn(seed, node, more, total, seatsBps);
        assert(!before || after_);
    }

    function aWiderStepKeepsWhoWasDrawn(
        uint128 seed,
        address node,
        uint256 weight,
        uint256 total,
        uint256 seatsBps
    ) external pure {
        require(weight <= total && total <= SUPPLY && seatsBps < 1 << 37);
        bool before = DrawLib.isDrawn(seed, node, weight, total, seatsBps);
        bool after_ = DrawLib.isDrawn(seed, node, weight, total, 2 * seatsBps);
        assert(!before || after_);
    }

    function aLargerTotalDrawsNobodyElse(
        uint128 seed,
        address node,
        uint256 weight,
        uint256 total,
        uint256 more,
        uint256 seatsBps
    ) external pure {
        require(weight <= total && total <= more && more <= SUPPLY && seatsBps < 1 << 38);
        bool before = DrawLib.isDrawn(seed, node, weight, total, seatsBps);
        bool after_ = DrawLib.isDrawn(seed, node, weight, more, seatsBps);
        assert(before || !after_);
    }

    function coinOfCertaintyFalls(uint128 seed) external pure {
        assert(DrawLib.coin(seed, BPS));
        assert(!DrawLib.coin(seed, 0));
    }

    function likelierCoinKeepsWhatFell(uint128 seed, uint256 bps, uint256 more) external pure {
        require(bps <= more);
        bool before = DrawLib.coin(seed, bps);
        bool after_ = DrawLib.coin(seed, more);
        assert(!before || after_);
    }
}
