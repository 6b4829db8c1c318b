// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RefereedPolicy} from "../../contracts/RefereedPolicy.sol";
import {IJobPolicy} from "../../contracts/interfaces/IJobPolicy.sol";
import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {JobRules} from "../../contracts/types/JobTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

contract RefereedPolicyTest is SuiteAdmin {
    using RulesLib for JobRules;

    uint256 private constant MARGIN = 20;

    /// @dev No window is shorter than two demands take, or longer than two weeks.
    function testFuzz_constructor_boundsTheWindow(uint256 window) external {
        uint256 least = DISPUTES.LEAST_WINDOW_PERIOD();
        uint256[5] memory given = [least, 14 days, least - 1, 14 days + 1, window];
        for (uint256 i; i < given.length; ++i) {
            bool fits = given[i] >= least && given[i] <= 14 days;
            bytes4 selector = IJobPolicy.PolicyOutOfBounds.selector;
            if (!fits) {
                VM.expectRevert(
                    abi.encodeWithSelector(selector, bytes32("mostWindowPeriod"), given[i], least, 14 days)
                );
            }
            RefereedPolicy made = new RefereedPolicy(POLICY, DISPUTES, given[i]);
            require(!fits || made.MOST_WINDOW_PERIOD() == given[i], "window");
        }
    }

    /// @dev A job with a window is over before stake has thawed, by a second at least, whatever the window [T023 I17].
    function testFuzz_complete_nestsTheWindowInTheThaw(uint256 window, uint256 thaw) external {
        window = bound(window, 200, 14 days);
        RefereedPolicy policy = new RefereedPolicy(POLICY, DISPUTES, window);
        (JobRules rules, ) = MARKET.governed();
        uint256 horizon = policy.complete(rules, MARGIN, type(uint256).max).horizonPeriod();
        require(horizon == 20 + 5 * 10 + 10 + window + 80 + 5 + MARGIN, "horizon");
        thaw = bound(thaw, POLICY.complete(rules, MARGIN, type(uint256).max).horizonPeriod() + 1, horizon);
        VM.expectRevert(abi.encodeWithSelector(IJobPolicy.PolicyDeadlinesDoNotNest.selector, horizon, thaw));
        policy.complete(rules, MARGIN, thaw);
        require(policy.complete(rules, MARGIN, horizon + 1).horizonPeriod() == horizon, "nested");
    }

    /// @dev Where appeals take longer than disputes, their horizon holds.
    function testFuzz_complete_keepsTheLongerHorizon(uint256 margin) external {
        RefereedPolicy policy = new RefereedPolicy(POLICY, DISPUTES, DISPUTES.LEAST_WINDOW_PERIOD());
        (JobRules rules, ) = MARKET.governed();
        margin = bound(margin, MARGIN, 30 days);
        JobRules completed = POLICY.complete(rules, margin, type(uint256).max);
        require(completed.horizonPeriod() == 200 + margin, "of an appeal");
        require(policy.complete(rules, margin, type(uint256).max).horizonPeriod() == 200 + margin, "kept");
    }
}
