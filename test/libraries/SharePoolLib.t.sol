// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {SharePoolLib} from "../../contracts/libraries/SharePoolLib.sol";
import {SharePool} from "../../contracts/types/StakingTypes.sol";
import {bound} from "../support/Fuzz.sol";

/// @dev Holders of one pool, who keep their shares beside the epoch in which they were counted, as NodeStaking does.
contract SharePoolLibTest {
    using SharePoolLib for SharePool;

    struct Held {
        uint256 shares;
        uint32 epoch;
    }

    uint256 private constant SUPPLY = 1e27;
    uint256 private constant HOLDERS = 3;
    uint256 private constant MOVES = 24;

    SharePool private _pool;
    Held[HOLDERS] private _held;
    /// @dev All OPG outside the pool: with what is in it, the supply.
    uint256 private _outside = SUPPLY;

    /// @dev Joining and leaving at once never gives more than was brought, and takes no more than a unit and what one
    /// share costs.
    function testFuzz_depositThenRedeem_neverPays(uint96 assets, uint128 shares, uint256 amount) external {
        _setPool(assets, shares);
        amount = bound(amount, 0, SUPPLY - _pool.assets);
        uint256 bought = _pool.deposit(amount);
        uint256 back = _pool.redeem(bought);
        require(back <= amount, "paid");
        uint256 ofOneShare = (uint256(_pool.assets) + 1) / (uint256(_pool.shares) + 1) + 1;
        require(amount - back <= ofOneShare + 1, "took");
    }

    /// @dev Whoever joins or leaves never makes the others' shares cheaper.
    function testFuzz_price_doesNotFallByMoves(uint96 assets, uint128 shares, uint256 amount, bool joins) external {
        _setPool(assets, shares);
        SharePool memory before = _pool;
        if (joins) _pool.deposit(bound(amount, 0, SUPPLY - before.assets));
        else _pool.redeem(bound(amount, 0, before.shares));
        require(!_isCheaper(_pool, before), "cheaper");
    }

    /// @dev A slash takes what it says, and leaves each holder its part of the rest, but for a unit.
    function testFuzz_slash_takesFromAllAlike(uint96 assets, uint128 shares, uint256 amount, uint256 part) external {
        _setPool(assets, shares);
        SharePool memory before = _pool;
        uint256 held = bound(part, 0, before.shares);
        uint256 worth = before.toAssetsDown(held);
        amount = bound(amount, 0, before.assets);

        _pool.slash(amount);

        require(_pool.assets == before.assets - amount, "taken");
        uint256 left = SharePoolLib.toAssetsDown(_pool, _pool.sharesNow(held, before.epoch));
        // The virtual share loses with the others: of the unit that nobody owns each holder may come to have a part.
        require(left <= Math.mulDiv(worth + 1, uint256(_pool.assets) + 1, uint256(before.assets) + 1) + 1, "too much");
        if (amount == before.assets) require(left == 0 && _pool.shares == 0, "a rest of nothing");
        uint256 fair = Math.mulDiv(held, _pool.assets, uint256(before.shares) + 1_000);
        require(left + 1 >= fair, "too little");
    }

    /// @dev After every slash shares are neither too many to join nor too few to tell holders apart.
    function testFuzz_slash_leavesFineShares(uint96 assets, uint128 shares, uint256 amount) external {
        _setPool(assets, shares);
        SharePool memory before = _pool;
        _pool.slash(bound(amount, 0, before.assets));
        require(_pool.shares <= SharePoolLib.MOST_SHARES_PER_ASSET * _pool.assets, "too many");
        bool counted = _pool.epoch != before.epoch;
        if (counted && _pool.assets != 0) require(_pool.shares / _pool.assets >= 2_000, "too few");
        if (!counted) require(_pool.shares == before.shares, "counted anew without need");
    }

    /// @dev Anybody joins, leaves, earns and is slashed at random: nothing reverts, nothing appears from nothing, and
    /// the holders' shares are never more than the pool's.
    function testFuzz_moves_conserveAssetsAndShares(uint256 random) external {
        for (uint256 i; i < MOVES; ++i) {
            random = uint256(keccak256(abi.encode(random)));
            _move(random % 5, (random >> 8) % HOLDERS, _anyOfSize(random >> 16));
            require(uint256(_pool.assets) + _outside == SUPPLY, "assets");
            uint256 shares;
            uint256 worth;
            for (uint256 who; who < HOLDERS; ++who) {
                uint256 counted = _pool.sharesNow(_held[who].shares, _held[who].epoch);
                shares += counted;
                worth += SharePoolLib.toAssetsDown(_pool, counted);
            }
            require(shares <= _pool.shares, "shares");
            require(worth <= uint256(_pool.assets) + 1, "worth");
        }
        _leaveAll();
    }

    /// @dev Everybody can leave, and only dust stays: what rounding and the virtual share have kept.
    function _leaveAll() private {
        for (uint256 who; who < HOLDERS; ++who) _move(1, who, type(uint256).max);
        require(uint256(_pool.assets) + _outside == SUPPLY, "assets at the end");
    }

    function _move(uint256 kind, uint256 who, uint256 amount) private {
        Held storage held = _held[who];
        uint256 own = _pool.sharesNow(held.shares, held.epoch);
        if (kind == 0) {
            amount = Math.min(amount, _outside);
            _outside -= amount;
            own += _pool.deposit(amount);
        } else if (kind == 1) {
            uint256 shares = Math.min(amount, own);
            own -= shares;
            _outside += _pool.redeem(shares);
        } else if (kind == 2 && _pool.assets != 0) {
            amount = Math.min(amount, _outside);
            _outside -= amount;
            _pool.assets += uint96(amount);
        } else if (kind > 2) {
            // Near the whole of it as often as a small part.
            uint256 taken =
                amount % 2 == 0 ? Math.min(amount, _pool.assets) : _pool.assets - _pool.assets / (amount | 1);
            _outside += taken;
            _pool.slash(taken);
            own = _pool.sharesNow(held.shares, held.epoch);
        }
        (held.shares, held.epoch) = (own, _pool.epoch);
    }

    /// @dev Numbers of all sizes, not only huge ones.
    function _anyOfSize(uint256 random) private pure returns (uint256) {
        return (random >> 8) % (10 ** (random % 28));
    }

    /// @dev A pool as it can come to be: within the supply, and not more shares than a slash would leave.
    function _setPool(uint96 assets, uint128 shares) private {
        _pool.assets = uint96(bound(assets, 0, SUPPLY));
        _pool.shares = uint128(bound(shares, 0, SharePoolLib.MOST_SHARES_PER_ASSET * _pool.assets));
    }

    /// @dev Whether a share is worth less than before: compares two fractions without a division.
    function _isCheaper(SharePool memory present, SharePool memory before) private pure returns (bool) {
        return
            (uint256(present.assets) + 1) * (uint256(before.shares) + 1_000) <
            (uint256(before.assets) + 1) * (uint256(present.shares) + 1_000);
    }
}
