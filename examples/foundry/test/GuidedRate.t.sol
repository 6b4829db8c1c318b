// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOptimisticMarketplace} from "@opg-protocol/contracts/interfaces/IOptimisticMarketplace.sol";
import {TensorLib} from "@opg-protocol/contracts/libraries/TensorLib.sol";
import {MockSuite} from "@opg-protocol/contracts/mock/MockSuite.sol";
import {ResultStatus} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {VersionId} from "@opg-protocol/contracts/types/ModelTypes.sol";
import {PayloadError, Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";

import {GuidedRate} from "../src/GuidedRate.sol";

contract GuidedRateTest {
    uint256 private constant CAP = 50e18;

    MockSuite private immutable MOCKS = new MockSuite();
    GuidedRate private immutable RATE = new GuidedRate(
        IOptimisticMarketplace(address(MOCKS.OPTIMISTIC())),
        VersionId.wrap("rates"),
        address(this)
    );

    constructor() {
        MOCKS.fund(address(this), 100e18);
        MOCKS.MANDATES().allow(address(MOCKS.OPTIMISTIC()), address(RATE), CAP);
    }

    /// @dev Whatever the model says, the rate stays in its bounds and near where it was.
    function testFuzz_rate_isBounded(int128 first, int128 second) external {
        _propose(first);
        int256 before = RATE.rate();
        _propose(second);
        int256 move = RATE.rate() - before;
        require(move <= RATE.MOST_MOVE() && -move <= RATE.MOST_MOVE(), "move");
        require(RATE.rate() >= RATE.LEAST_RATE() && RATE.rate() <= RATE.MOST_RATE(), "bounds");
    }

    function test_rate_followsTheModelNearby() external {
        _propose(0.055e18);
        // A float32 holds seven digits.
        require(RATE.rate() > 0.0549999e18 && RATE.rate() < 0.0550001e18, "rate");
    }

    function test_propose_waitsForTheRunningOrder() external {
        JobId job = RATE.propose(0.8e18, 0);
        try RATE.propose(0.9e18, 0) {
            revert("two orders");
        } catch (bytes memory reason) {
            bytes memory expected = abi.encodeWithSelector(GuidedRate.RateStillOrdered.selector, job);
            require(keccak256(reason) == keccak256(expected), "reason");
        }
        MOCKS.OPTIMISTIC().fail(job, PayloadError.RefusedByModel);
        require(RATE.rate() == 0.05e18, "an error moved the rate");
        RATE.propose(0.9e18, 0);
    }

    /// @dev The treasury's balance pays within the cap, and gets back what was not used.
    function test_propose_isPaidByTheTreasury() external {
        JobId job = RATE.propose(0.8e18, 0);
        (uint256 balance, ) = MOCKS.OPTIMISTIC().accountOf(address(this));
        uint256 cap = MOCKS.MANDATES().capOf(address(MOCKS.OPTIMISTIC()), address(this), address(RATE));
        require(balance < 100e18 && CAP - cap == 100e18 - balance, "escrow");
        MOCKS.OPTIMISTIC().abandon(job);
        (balance, ) = MOCKS.OPTIMISTIC().accountOf(address(this));
        require(balance == 100e18, "refund");
    }

    function _propose(int256 rate) private {
        int256[] memory wads = new int256[](1);
        wads[0] = rate;
        Tensor[] memory outputs = new Tensor[](1);
        outputs[0] = TensorLib.ofWads(wads, TensorLib.vector(1));
        JobId job = RATE.propose(0.8e18, 0.1e18);
        MOCKS.OPTIMISTIC().fulfil(job, outputs);
        require(RATE.statusOf(job) == ResultStatus.Final, "status");
    }
}
