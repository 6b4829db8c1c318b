// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MockInferenceMarketplace} from "./MockInferenceMarketplace.sol";
import {MockMandates} from "./MockMandates.sol";
import {MockOptimisticMarketplace} from "./MockOptimisticMarketplace.sol";
import {MockOPG} from "./MockOPG.sol";

/// @title Token and markets for tests of contracts that order inferences: no node, no special chain
/// @notice `new MockSuite()`, give your contract the addresses of its markets, `fund` it, let it order, and call `fulfil` of the
/// market with the output that your test needs. Never deploy it where anything has a value: whoever calls decides what nodes say.
/// @custom:source docs/consumers.md
contract MockSuite {
    MockOPG public immutable TOKEN;
    MockMandates public immutable MANDATES;
    MockInferenceMarketplace public immutable MARKET;
    MockOptimisticMarketplace public immutable OPTIMISTIC;

    constructor() {
        TOKEN = new MockOPG();
        MANDATES = new MockMandates();
        MARKET = new MockInferenceMarketplace(TOKEN, MANDATES);
        OPTIMISTIC = new MockOptimisticMarketplace(TOKEN, MANDATES);
    }

    /// @notice Adds OPG to an account's balances in both markets.
    /// @param account Who orders.
    /// @param amount OPG, base units, for each market.
    function fund(address account, uint256 amount) external {
        TOKEN.mint(address(this), 2 * amount);
        TOKEN.approve(address(MARKET), amount);
        TOKEN.approve(address(OPTIMISTIC), amount);
        MARKET.deposit(account, amount);
        OPTIMISTIC.deposit(account, amount);
    }
}
