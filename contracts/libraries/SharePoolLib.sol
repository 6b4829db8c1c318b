// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {SharePool} from "../types/StakingTypes.sol";

/// @title Arithmetic of assets that many own in shares
/// @dev Every division rounds against the one who moves and for those who stay. Assets are what came through the
/// functions below; the token balance of the contract is never looked at.
library SharePoolLib {
    using SafeCast for uint256;

    /// @dev Shares and assets that nobody owns: whoever pushes the price up to round the next depositor down to nothing
    /// gives at least 999 of 1,000 parts of what that costs to nobody.
    uint256 internal constant VIRTUAL_SHARES = 1e3;
    uint256 internal constant VIRTUAL_ASSETS = 1;

    /// @dev Most shares for one asset, 3e8 times as many as at first. Beyond it, shares of a deposit as large as the supply
    /// (1e27) might not fit uint128, and nobody could join or thaw any more; so they are counted anew, in larger units.
    uint256 internal constant MOST_SHARES_PER_ASSET = 3e11;
    /// @dev A share of one epoch is 2^27 shares of the epoch before. After that, an asset still has 2,235 shares at least,
    /// so that what a holder loses by it is less than a base unit of OPG.
    uint256 internal constant EPOCH_BITS = 27;

    /// @custom:rounds Down, in favour of those who stay.
    function toSharesDown(SharePool memory self, uint256 assets) internal pure returns (uint256) {
        return Math.mulDiv(assets, self.shares + VIRTUAL_SHARES, self.assets + VIRTUAL_ASSETS);
    }

    /// @custom:rounds Down, in favour of those who stay.
    function toAssetsDown(SharePool memory self, uint256 shares) internal pure returns (uint256) {
        return Math.mulDiv(shares, self.assets + VIRTUAL_ASSETS, self.shares + VIRTUAL_SHARES);
    }

    /// @dev What shares that were counted in an earlier epoch are in the present one.
    /// @custom:rounds Down, in favour of the others.
    function sharesNow(SharePool storage self, uint256 shares, uint32 epoch) internal view returns (uint256) {
        return shares >> (EPOCH_BITS * (self.epoch - epoch));
    }

    /// @dev Adds assets and gives the shares for them, which may be none.
    function deposit(SharePool storage self, uint256 assets) internal returns (uint256 shares) {
        shares = toSharesDown(self, assets);
        self.assets += assets.toUint96();
        self.shares += shares.toUint128();
    }

    /// @dev Takes shares, as they are counted now, out and gives their assets.
    function redeem(SharePool storage self, uint256 shares) internal returns (uint256 assets) {
        assets = toAssetsDown(self, shares); // shares <= self.shares, so <= self.assets
        self.assets -= uint96(assets);
        self.shares -= uint128(shares);
    }

    /// @dev Takes `assets` from all alike. Where it takes everything, all shares become none.
    function slash(SharePool storage self, uint256 assets) internal {
        self.assets -= assets.toUint96();
        while (self.shares > MOST_SHARES_PER_ASSET * self.assets) {
            self.shares >>= EPOCH_BITS;
            ++self.epoch;
        }
    }
}
