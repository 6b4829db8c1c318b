// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {DisputeRules, GameRules} from "../types/DisputeTypes.sol";

/// @title The governed numbers of disputes: their packing, their bounds, and what they make a game cost
library GameRulesLib {
    uint256 internal constant BPS = 10_000;
    uint256 private constant OPG = 1e18;
    uint256 private constant MOST_PERIOD = 72 hours;

    /// @dev What a game can cost the node, as measured: laying down 256 roots, and showing 1,024 words.
    uint256 private constant GAME_GAS = 1_800_000;
    /// @dev What it costs to supply words, as measured: a transaction that proves a tensor, and then each word with its
    /// calldata, at the floor of 40 gas a byte.
    /// @custom:source EIP-7623
    uint256 private constant SUPPLY_GAS = 100_000;
    uint256 private constant SUPPLY_WORD_GAS = 1_310;

    /// @notice A number of the rules, or of the deployment, is outside its hard bounds.
    /// @custom:fix Give `parameter` between `least` and `most`.
    error DisputeOutOfBounds(bytes32 parameter, uint256 given, uint256 least, uint256 most);

    function pack(DisputeRules memory rules) internal pure returns (GameRules) {
        uint256 word = uint256(rules.bondFactor);
        word |= uint256(rules.bondFloor) << 8;
        word |= uint256(rules.respondPeriod) << 32;
        word |= uint256(rules.pickPeriod) << 56;
        word |= uint256(rules.revealPeriod) << 80;
        word |= uint256(rules.judgePeriod) << 104;
        word |= uint256(rules.demandPeriod) << 128;
        word |= uint256(rules.demandMarkupBps) << 152;
        word |= uint256(rules.bondToNodeBps) << 168;
        word |= uint256(rules.referenceGasPrice) << 184;
        word |= uint256(rules.opgPerEth) << 224;
        return GameRules.wrap(bytes32(word));
    }

    /// @dev Reverts unless every number is inside its bounds. A clock on which money is lost is not below the floor.
    function check(GameRules self, uint256 moneyClockFloor) internal pure {
        within("bondFactor", bondFactor(self), 2, 50);
        within("bondFloor", bondFloor(self), OPG, 1e5 * OPG);
        within("respondPeriod", respondPeriod(self), moneyClockFloor, MOST_PERIOD);
        within("pickPeriod", pickPeriod(self), moneyClockFloor, MOST_PERIOD);
        within("revealPeriod", revealPeriod(self), moneyClockFloor, MOST_PERIOD);
        within("judgePeriod", judgePeriod(self), moneyClockFloor, MOST_PERIOD);
        within("demandPeriod", demandPeriod(self), moneyClockFloor, MOST_PERIOD);
        within("demandMarkupBps", demandMarkupBps(self), 12_500, 50_000);
        within("bondToNodeBps", bondToNodeBps(self), 5_000, 8_000);
        within("referenceGasPrice", referenceGasPrice(self), 0.001 gwei, 500 gwei);
        within("opgPerEth", opgPerEth(self), 100, 1e9);
    }

    function within(bytes32 parameter, uint256 given, uint256 least, uint256 most) internal pure {
        if (given < least || given > most) revert DisputeOutOfBounds(parameter, given, least, most);
    }

    /// @dev What a challenger lays down now, OPG.
    function bond(GameRules self) internal view returns (uint256 amount) {
        amount = bondFactor(self) * inOpg(self, GAME_GAS);
        if (amount < bondFloor(self)) amount = bondFloor(self);
    }

    /// @dev What supplying so many words earns now, OPG.
    /// @custom:rounds Down, by less than a base unit in favour of who pays.
    function supplyPrice(GameRules self, uint256 count) internal view returns (uint256) {
        return (inOpg(self, SUPPLY_GAS + SUPPLY_WORD_GAS * count) * demandMarkupBps(self)) / BPS;
    }

    /// @dev What so much gas is worth now, OPG. Ether and OPG have 18 decimals both.
    function inOpg(GameRules self, uint256 gasAmount) internal view returns (uint256) {
        uint256 gasPrice = referenceGasPrice(self);
        if (block.basefee > gasPrice) gasPrice = block.basefee;
        return gasAmount * gasPrice * opgPerEth(self);
    }

    /// @dev The longest game, about a trace in groups: each side keeps all of its clocks to the last second.
    function gamePeriod(GameRules self) internal pure returns (uint256) {
        return respondPeriod(self) + 2 * pickPeriod(self) + 2 * revealPeriod(self) + judgePeriod(self);
    }

    function bondFactor(GameRules self) internal pure returns (uint256) {
        return uint8(_word(self));
    }

    /// @dev OPG, base units.
    function bondFloor(GameRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 8) * OPG;
    }

    function respondPeriod(GameRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 32);
    }

    function pickPeriod(GameRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 56);
    }

    function revealPeriod(GameRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 80);
    }

    function judgePeriod(GameRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 104);
    }

    function demandPeriod(GameRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 128);
    }

    function demandMarkupBps(GameRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 152);
    }

    function bondToNodeBps(GameRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 168);
    }

    /// @dev Wei.
    function referenceGasPrice(GameRules self) internal pure returns (uint256) {
        return uint40(_word(self) >> 184);
    }

    function opgPerEth(GameRules self) internal pure returns (uint256) {
        return _word(self) >> 224;
    }

    function _word(GameRules self) private pure returns (uint256) {
        return uint256(GameRules.unwrap(self));
    }
}
