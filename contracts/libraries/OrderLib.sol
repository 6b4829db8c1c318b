// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount, Job, JobRules, JobShape} from "../types/JobTypes.sol";
import {JobLib} from "./JobLib.sol";
import {RulesLib} from "./RulesLib.sol";

/// @title What can be ordered
library OrderLib {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using RulesLib for JobRules;

    uint256 private constant LEAST_QUORUM = 2;
    uint256 private constant MOST_QUORUM = 15;
    uint256 private constant LEAST_CALLBACK_GAS = 25_000;
    uint256 private constant MOST_CALLBACK_GAS = 1_000_000;
    uint256 private constant MOST_URI_BYTES = 256;

    /// @notice A field of an order is outside its bounds.
    /// @custom:fix Give `field` between `least` and `most`.
    error MarketTermOutOfBounds(bytes32 field, uint256 given, uint256 least, uint256 most);

    /// @notice The model's owner wants more than the order accepts.
    /// @custom:fix Accept at least `royalty` (OPG, base units), or order another model.
    error MarketRoyaltyTooHigh(uint256 royalty, uint256 accepted);

    /// @dev What has no bound here is bounded by its field.
    function check(Job memory job, uint256 leastSealPeriod) internal pure {
        JobShape shape = job.shape;
        JobRules rules = job.rules;
        if (job.inputRoot == 0) revert MarketTermOutOfBounds("inputRoot", 0, 1, type(uint256).max);
        if (job.requester.amount() == 0) revert MarketTermOutOfBounds("seatPrice", 0, 1, type(uint96).max);
        within("auditBps", shape.auditBps(), 0, JobLib.BPS);
        within("quorum", shape.quorum(), LEAST_QUORUM, MOST_QUORUM);
        within("sealPeriod", shape.sealPeriod(), leastSealPeriod, rules.maxSealPeriod());
        checkCallback(job.callback, shape.callbackGas());
    }

    /// @dev Where there is no referee nothing can be disputed, and one wrong seat pays for a whole appeal, which has at most
    /// twice its size in seats, and for two more prices.
    function checkUnrefereed(Job memory job) internal pure {
        JobShape shape = job.shape;
        within("windowPeriod", shape.windowPeriod(), 0, 0);
        within("collateralFactor", shape.collateralFactor(), 2 * job.rules.appealSize() + 2, type(uint16).max);
    }

    /// @dev A job without callback names neither gas nor tip for it.
    function checkCallback(AccountAmount callback, uint256 callbackGas) internal pure {
        if (callback.account() == address(0)) {
            within("callbackGas", callbackGas, 0, 0);
            within("deliveryTip", callback.amount(), 0, 0);
        } else {
            within("callbackGas", callbackGas, LEAST_CALLBACK_GAS, MOST_CALLBACK_GAS);
        }
    }

    /// @dev An input is given in place, as `abi.encode(Tensor[])`, or by its URI. The former begins with a zero byte, the
    /// latter never does.
    function checkInput(bytes calldata input, uint256 mostBytes) internal pure {
        within("input", input.length, 1, input.length > 0 && input[0] != 0 ? MOST_URI_BYTES : mostBytes);
    }

    /// @dev What the model's owner earns: what it asks, at most a part of what the nodes earn that a result needs.
    /// @param earned OPG below 2^104.
    /// @param accepted The most that the requester is ready to pay.
    /// @custom:rounds The cap down, in favour of the requester.
    function cappedRoyalty(
        uint256 asked,
        uint256 earned,
        uint256 capBps,
        uint256 accepted
    ) internal pure returns (uint256 royalty) {
        royalty = JobLib.part(earned, capBps);
        if (asked < royalty) royalty = asked;
        if (royalty > accepted) revert MarketRoyaltyTooHigh(royalty, accepted);
    }

    function within(bytes32 field, uint256 given, uint256 least, uint256 most) internal pure {
        if (given < least || given > most) revert MarketTermOutOfBounds(field, given, least, most);
    }
}
