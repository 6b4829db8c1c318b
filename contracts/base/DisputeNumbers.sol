// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {GameRulesLib} from "../libraries/GameRulesLib.sol";
import {GameRules} from "../types/DisputeTypes.sol";

/// @title The clocks and prices of disputes
abstract contract DisputeNumbers is AccessManaged, IDisputeGame {
    using GameRulesLib for GameRules;

    /// @dev What gas is worth can move by a factor of two in so long: too slowly for an attack to wait for it.
    uint256 private constant RATE_PERIOD = 7 days;

    /// @inheritdoc IDisputeGame
    uint256 public immutable MONEY_CLOCK_FLOOR;
    /// @inheritdoc IDisputeGame
    uint256 public immutable MOST_GAME_PERIOD;
    /// @inheritdoc IDisputeGame
    uint256 public immutable LEAST_WINDOW_PERIOD;

    GameRules internal _rules;
    uint256 private _rateChangeableAt;

    constructor(uint256 moneyClockFloor, uint256 mostGamePeriod, uint256 leastWindowPeriod, uint256 thawPeriod) {
        GameRulesLib.within("moneyClockFloor", moneyClockFloor, 5, 48 hours);
        _checkNesting(leastWindowPeriod + mostGamePeriod + 1, thawPeriod);
        MONEY_CLOCK_FLOOR = moneyClockFloor;
        MOST_GAME_PERIOD = mostGamePeriod;
        LEAST_WINDOW_PERIOD = leastWindowPeriod;
    }

    /// @inheritdoc IDisputeGame
    function setRules(GameRules rules) external restricted {
        uint256 rate = _rules.opgPerEth();
        if (rules.opgPerEth() != rate) {
            if (block.timestamp < _rateChangeableAt) revert DisputeRateTooSoon(_rateChangeableAt);
            GameRulesLib.within("opgPerEth", rules.opgPerEth(), (rate + 1) / 2, 2 * rate);
            _rateChangeableAt = block.timestamp + RATE_PERIOD;
        }
        _setRules(rules);
    }

    /// @inheritdoc IDisputeGame
    function bond() external view returns (uint256) {
        return _rules.bond();
    }

    /// @inheritdoc IDisputeGame
    function supplyPriceOf(uint256 count) external view returns (uint256) {
        return _rules.supplyPrice(count);
    }

    /// @inheritdoc IDisputeGame
    function governed() external view returns (GameRules) {
        return _rules;
    }

    function _setRules(GameRules rules) internal {
        rules.check(MONEY_CLOCK_FLOOR);
        _checkNesting(rules.gamePeriod(), MOST_GAME_PERIOD);
        _checkNesting(2 * rules.demandPeriod() + MONEY_CLOCK_FLOOR, LEAST_WINDOW_PERIOD);
        _rules = rules;
        emit RulesSet(rules);
    }

    function _checkNesting(uint256 given, uint256 most) private pure {
        if (given > most) revert DisputeDeadlinesDoNotNest(given, most);
    }
}
