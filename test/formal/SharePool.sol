// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SharePoolLib} from "../../contracts/libraries/SharePoolLib.sol";
import {SharePool} from "../../contracts/types/StakingTypes.sol";

/// @title What holds of shares and their assets, whatever they are
contract SharePoolProofs {
    using SharePoolLib for SharePool;

    uint256 private constant SUPPLY = 1e27;

    SharePool private pool;

    function assetsOfAllStayWithinThePool(SharePool memory self, uint256 shares) external pure {
        require(shares <= self.shares);
        assert(self.toAssetsDown(shares) <= self.assets);
    }

    function nothingIsWorthNothing(SharePool memory self) external pure {
        assert(self.toAssetsDown(0) == 0);
        assert(self.toSharesDown(0) == 0);
    }

    function firstDepositGetsThousandSharesEach(SharePool memory self, uint256 assets) external pure {
        require(assets <= SUPPLY && self.assets == 0 && self.shares == 0);
        assert(self.toSharesDown(assets) == assets * SharePoolLib.VIRTUAL_SHARES);
    }

    function depositNeverBringsMoreThanItsShareCount(SharePool memory self, uint256 assets) external pure {
        require(assets <= SUPPLY);
        uint256 shares = self.toSharesDown(assets);
        assert(shares * (uint256(self.assets) + 1) <= assets * (uint256(self.shares) + 1e3));
    }

    function depositLosesLessThanAShare(SharePool memory self, uint256 assets) external pure {
        require(assets <= SUPPLY);
        uint256 shares = self.toSharesDown(assets);
        assert((shares + 1) * (uint256(self.assets) + 1) > assets * (uint256(self.shares) + 1e3));
    }

    function redeemNeverBringsMoreThanItsAssets(SharePool memory self, uint256 shares) external pure {
        require(shares <= self.shares);
        uint256 assets = self.toAssetsDown(shares);
        assert(assets * (uint256(self.shares) + 1e3) <= shares * (uint256(self.assets) + 1));
    }

    function roundTripNeverGains(SharePool memory self, uint256 assets) external pure {
        require(assets <= SUPPLY);
        assert(self.toAssetsDown(self.toSharesDown(assets)) <= assets);
    }

    function moreAssetsBringNoFewerShares(SharePool memory self, uint256 assets, uint256 more) external pure {
        require(assets <= more && more <= SUPPLY);
        assert(self.toSharesDown(assets) <= self.toSharesDown(more));
    }

    function moreSharesBringNoFewerAssets(SharePool memory self, uint256 shares, uint256 more) external pure {
        require(shares <= more && more <= self.shares);
        assert(self.toAssetsDown(shares) <= self.toAssetsDown(more));
    }

    function sharesOfEarlierEpochsAreFewer(uint256 shares, uint32 epoch) external view {
        require(epoch <= pool.epoch && pool.epoch - epoch < 8);
        uint256 present = pool.sharesNow(shares, epoch);
        assert(present <= shares);
        assert(epoch < pool.epoch || present == shares);
    }
}
