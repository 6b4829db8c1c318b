// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount} from "../types/JobTypes.sol";
import {OptimisticJob, OptimisticRules, OptimisticShape} from "../types/OptimisticTypes.sol";
import {JobLib} from "./JobLib.sol";
import {OptimisticJobLib} from "./OptimisticJobLib.sol";
import {OptimisticRecordLib} from "./OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "./OptimisticRulesLib.sol";
import {OrderLib} from "./OrderLib.sol";
import {UnitLib} from "./UnitLib.sol";

/// @title What can be ordered of one node
library OptimisticOrderLib {
    using JobLib for AccountAmount;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticRulesLib for OptimisticRules;

    uint256 private constant LEAST_ANSWER_PERIOD = 5;
    uint256 private constant LEAST_AUDIT_BPS = 100;
    uint256 private constant MOST_AUCTION_DELAY = 1 hours;
    uint256 private constant LEAST_AUCTION_RAMP = 5;
    uint256 private constant MOST_AUCTION_RAMP = 24 hours;

    /// @notice A price is not of whole millionths of OPG.
    /// @custom:fix Give a multiple of `unit` (OPG, base units).
    error MarketPriceNotWhole(uint256 given, uint256 unit);

    /// @dev What has no bound here is bounded by its field.
    function check(OptimisticJob memory job, uint256 leastWindowPeriod) internal pure {
        OptimisticShape shape = job.shape;
        if (job.inputRoot == 0) revert OrderLib.MarketTermOutOfBounds("inputRoot", 0, 1, type(uint256).max);
        _checkPrice("price", job.requester.amount(), UnitLib.UNIT, OptimisticRecordLib.MOST_PRICE);
        _checkAuction(job, shape);
        OrderLib.within("windowPeriod", shape.windowPeriod(), leastWindowPeriod, job.rules.mostWindowPeriod());
        OrderLib.within("answerPeriod", shape.answerPeriod(), LEAST_ANSWER_PERIOD, job.rules.maxAnswerPeriod());
        uint256 auditBps = shape.auditBps();
        OrderLib.within("auditBps", auditBps, auditBps == 0 ? 0 : LEAST_AUDIT_BPS, JobLib.BPS);
        OrderLib.checkCallback(job.callback, shape.callbackGas());
        OrderLib.within("flags", shape.flags(), 0, job.callback.account() == address(0) ? 0 : 1);
    }

    /// @dev A job with a named node has one price.
    function _checkAuction(OptimisticJob memory job, OptimisticShape shape) private pure {
        bool open = job.node.account() == address(0);
        _checkPrice("lowestPrice", job.node.amount(), 0, open ? job.requester.amount() : 0);
        OrderLib.within("auctionDelay", shape.auctionDelay(), 0, open ? MOST_AUCTION_DELAY : 0);
        OrderLib.within(
            "auctionRamp",
            shape.auctionRamp(),
            open ? LEAST_AUCTION_RAMP : 0,
            open ? MOST_AUCTION_RAMP : 0
        );
    }

    function _checkPrice(bytes32 field, uint256 price, uint256 least, uint256 most) private pure {
        OrderLib.within(field, price, least, most);
        if (UnitLib.inUnits(price) != price) revert MarketPriceNotWhole(price, UnitLib.UNIT);
    }
}
