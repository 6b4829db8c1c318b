// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {GameRulesLib} from "../../contracts/libraries/GameRulesLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {ScheduleLib} from "../../contracts/libraries/ScheduleLib.sol";
import {Round} from "../../contracts/types/CommitmentTypes.sol";
import {GameRules} from "../../contracts/types/DisputeTypes.sol";
import {ScheduleTiming} from "../../contracts/types/SchedulerTypes.sol";

/// @title Phases follow each other without gap or overlap, and no clock ends before the one inside of it
contract DeadlinesProofs {
    using GameRulesLib for GameRules;
    using RoundLib for Round;
    using ScheduleLib for ScheduleTiming;

    function termsComeBack(uint256 ends, uint256 last, uint256 reveal, uint256 window) external pure {
        require(ends < 1 << 48 && last < 1 << 48 && reveal < 1 << 32 && window < 1 << 32);
        Round round = RoundLib.terms(ends, last, reveal, 3, 12, window);
        assert(round.sealEndsAt() == ends);
        assert(round.lastSealEndsAt() == last);
        assert(round.revealPeriod() == reveal);
        assert(round.windowPeriod() == window);
        assert(round.least() == 3);
        assert(round.most() == 12);
        assert(round.sealedCount() == 0);
        assert(!round.isPacked());
    }

    function sealingEndsWithAStep(Round round) external view {
        require(round.sealEndsAt() <= round.lastSealEndsAt());
        uint256 end = round.sealingEndsAt();
        assert(round.sealEndsAt() <= end && end <= round.lastSealEndsAt());
        bool few = round.sealedCount() < round.least();
        assert(few || end == round.sealEndsAt());
    }

    function clocksAreNested(Round round) external view {
        assert(round.sealingEndsAt() <= round.revealEndsAt());
        uint256 revealEnd = round.revealEndsAt();
        uint256 end = round.disputableUntil();
        assert(end == 0 || revealEnd < end);
    }

    function noRoundIsOverWhileItIsSealed(Round round) external view {
        bool over = round.isOver();
        bool sealing = round.isSealing();
        uint256 end = round.revealEndsAt();
        assert(!over || !sealing);
        assert(block.timestamp < end || over);
    }

    function noRoundIsOverWhileARevealIsMissing(Round round) external view {
        require(round.revealedCount() < round.sealedCount());
        bool over = round.isOver();
        uint256 end = round.revealEndsAt();
        assert(!over || block.timestamp >= end);
    }

    function oneMoreSealCountsOne(Round round, uint256 ends) external pure {
        require(ends < 1 << 48 && round.sealedCount() < 255);
        Round next = round.sealedAgain(ends);
        assert(next.sealedCount() == round.sealedCount() + 1);
        assert(next.revealedCount() == round.revealedCount());
        assert(next.sealEndsAt() == ends);
        assert(next.lastSealEndsAt() == round.lastSealEndsAt());
        assert(next.windowPeriod() == round.windowPeriod());
    }

    function oneMoreRevealCountsOne(Round round, uint256 leaders) external view {
        require(leaders < 256 && block.number < 1 << 48 && round.revealedCount() < 255 && !round.isPacked());
        Round next = round.revealedAgain(leaders);
        assert(next.revealedCount() == round.revealedCount() + 1);
        assert(next.sealedCount() == round.sealedCount());
        assert(next.leaderCount() == leaders);
        assert(next.lastRevealBlock() == block.number);
        assert(next.windowPeriod() == round.windowPeriod());
    }

    function openingForgetsCounts(Round round) external pure {
        Round next = round.opened();
        assert(next.sealedCount() == 1);
        assert(next.revealedCount() == 0);
        assert(next.leaderCount() == 0);
        assert(next.least() == round.least());
        assert(next.revealPeriod() == round.revealPeriod());
    }

    function packCountsItsSeals(Round round, uint256 count) external pure {
        require(count < 256);
        Round next = round.packed(count);
        assert(next.isPacked());
        assert(next.sealedCount() == count);
        assert(!next.unpacked().isPacked());
    }

    function longestGameHoldsEveryClock(GameRules rules) external pure {
        uint256 period = rules.gamePeriod();
        assert(period >= rules.respondPeriod() + rules.judgePeriod());
        assert(period >= rules.pickPeriod() + rules.revealPeriod());
    }

    function presentPeriodHasBegunAndNotEnded(ScheduleTiming timing) external view {
        require(timing.interval() > 0 && timing.startAt() <= block.timestamp && block.timestamp < 1 << 40);
        uint256 index = timing.indexNow();
        assert(timing.dueAt(index) <= block.timestamp);
        assert(block.timestamp < timing.dueAt(index + 1));
    }
}
