// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

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

    /// @dev A pool slashed below 1/3e8 of its first price counts as wiped out. Beyond it, shares of a deposit as large
    /// as the supply (1e27) might not fit uint128, and nobody could join or thaw any more.
    uint256 internal constant MOST_SHARES_PER_ASSET = 3e11;

    /// @custom:rounds Down, in favour of those who stay.
    function toSharesDown(SharePool memory self, uint256 assets) internal pure returns (uint256) {
        return Math.mulDiv(assets, self.shares + VIRTUAL_SHARES, self.assets + VIRTUAL_ASSETS);
    }

    /// @custom:rounds Down, in favour of those who stay.
    function toAssetsDown(SharePool memory self, uint256 shares) internal pure returns (uint256) {
        return Math.mulDiv(shares, self.assets + VIRTUAL_ASSETS, self.shares + VIRTUAL_SHARES);
    }

    /// @dev Adds assets and gives the shares for them, which may be none.
    function deposit(SharePool storage self, uint256 assets) internal returns (uint256 shares) {
        shares = toSharesDown(self, assets);
        self.assets += assets.toUint96();
        self.shares += shares.toUint128();
    }

    /// @dev Takes shares out and gives their assets. The caller has checked that the shares are of this epoch.
    function redeem(SharePool storage self, uint256 shares) internal returns (uint256 assets) {
        assets = Math.min(toAssetsDown(self, shares), self.assets);
        self.assets -= uint96(assets); // <= self.assets
        self.shares -= shares.toUint128();
    }

    /// @dev Takes `assets`, and the dust too if only dust would be left; gives what was taken in all.
    function slash(SharePool storage self, uint256 assets) internal returns (uint256 taken) {
        uint256 left = self.assets - assets;
        if (self.shares <= MOST_SHARES_PER_ASSET * left) {
            self.assets = uint96(left); // <= self.assets
            return assets;
        }
        taken = self.assets;
        self.assets = 0;
        self.shares = 0;
        ++self.epoch;
    }
}
