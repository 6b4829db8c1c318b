// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AuctionLib} from "../../contracts/libraries/AuctionLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {LieLib} from "../../contracts/libraries/LieLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {UnitLib} from "../../contracts/libraries/UnitLib.sol";
import {AccountAmount, JobRules, JobShape} from "../../contracts/types/JobTypes.sol";
import {OptimisticRules} from "../../contracts/types/OptimisticTypes.sol";
import {Slashing} from "../../contracts/types/StakingTypes.sol";

/// @title Nobody is charged or paid more than there is
contract FeesProofs {
    uint256 private constant BPS = 10_000;
    uint256 private constant UNIT = 1e12;
    uint256 private constant MOST_OPG = 1e27;

    function partIsWithinTheWhole(uint256 whole, uint256 bps) external pure {
        require(whole < 1 << 128 && bps <= BPS);
        assert(JobLib.part(whole, bps) <= whole);
    }

    function partRoundsDownByLessThanOne(uint256 whole, uint256 bps) external pure {
        require(whole < 1 << 128 && bps <= BPS);
        uint256 part = JobLib.part(whole, bps);
        assert(part * BPS <= whole * bps);
        assert((part + 1) * BPS > whole * bps);
    }

    function allAndNothingAreExact(uint256 whole) external pure {
        require(whole < 1 << 128);
        assert(JobLib.part(whole, BPS) == whole);
        assert(JobLib.part(whole, 0) == 0);
    }

    function twoPartsAreNoMoreThanOne(uint256 one, uint256 other, uint256 bps) external pure {
        require(one < 1 << 96 && other < 1 << 96 && bps <= BPS);
        assert(JobLib.part(one, bps) + JobLib.part(other, bps) <= JobLib.part(one + other, bps));
    }

    function feeIsWithinWhatIsEarned(JobRules rules, uint256 earned) external pure {
        require(earned < 1 << 96 && RulesLib.feeBps(rules) <= 1_000);
        assert(JobLib.fee(rules, earned) * 10 <= earned);
    }

    function escrowHoldsSeatsAndTheirFee(
        AccountAmount requester,
        AccountAmount callback,
        uint256 royalty,
        JobShape shape,
        JobRules rules
    ) external pure {
        require(royalty < 1 << 96 && RulesLib.feeBps(rules) <= BPS);
        uint256 seats = JobLib.seatEscrow(requester, shape);
        uint256 escrow = JobLib.escrow(requester, callback, royalty, shape, rules);
        assert(escrow >= seats + JobLib.fee(rules, seats));
        assert(escrow >= royalty + JobLib.amount(callback));
    }

    function escrowPaysEverySeatOfTheDraw(AccountAmount requester, JobShape shape, uint256 seated) external pure {
        require(seated <= JobLib.seatBound(JobLib.quorum(shape)));
        assert(seated * JobLib.amount(requester) <= JobLib.seatEscrow(requester, shape));
    }

    function unitsRoundDownByLessThanAUnit(uint256 amount) external pure {
        uint256 units = UnitLib.inUnits(amount);
        assert(units <= amount && amount - units < UNIT);
        assert(units % UNIT == 0);
        assert(UnitLib.inUnits(units) == units);
    }

    function auctionStaysBetweenItsPrices(
        uint256 floor,
        uint256 ceiling,
        uint256 delay,
        uint256 ramp,
        uint256 elapsed
    ) external pure {
        require(floor <= ceiling && ceiling < 1 << 96 && floor % UNIT == 0 && ceiling % UNIT == 0);
        require(delay < 1 << 16 && ramp < 1 << 24 && elapsed < 1 << 40);
        uint256 price = AuctionLib.priceAt(floor, ceiling, delay, ramp, elapsed);
        assert(price <= ceiling);
        assert(elapsed > delay || price == floor);
        assert(elapsed < delay + ramp || elapsed <= delay || price == ceiling);
    }

    function rewardIsWithinWhatIsLeft(Slashing memory slashing, uint256 kept, uint256 shareBps) external pure {
        require(slashing.own <= MOST_OPG && slashing.rewarded <= slashing.own && kept <= slashing.rewarded);
        require(shareBps <= BPS);
        uint256 reward = LieLib.rewardOf(slashing, kept, shareBps);
        assert(kept + reward <= slashing.rewarded);
        assert(reward * BPS <= (slashing.own - kept) * shareBps);
    }

    function whoChallengesItselfLoses(Slashing memory slashing, uint256 shareBps) external pure {
        require(slashing.own <= MOST_OPG && slashing.rewarded <= slashing.own && shareBps <= 5_000);
        assert(LieLib.rewardOf(slashing, 0, shareBps) * 2 <= slashing.own);
    }

    function collateralOfALiarIsDividedOnce(
        OptimisticRules rules,
        uint256 harm,
        uint256 prize,
        Slashing memory slashing
    ) external pure {
        require(slashing.own <= MOST_OPG && slashing.rewarded <= slashing.own);
        (uint256 compensation, uint256 second, uint256 reward) = OptimisticJobLib.divide(rules, harm, prize, slashing);
        assert(compensation + second + reward <= slashing.rewarded);
        assert(compensation <= harm && second <= prize);
        assert(compensation == harm || second == 0);
    }
}
