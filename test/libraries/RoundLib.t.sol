// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {Round} from "../../contracts/types/CommitmentTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract RoundLibTest {
    using RoundLib for Round;

    struct Fields {
        uint48 sealEndsAt;
        uint48 lastSealEndsAt;
        uint32 revealPeriod;
        uint8 least;
        uint8 most;
        uint8 sealedCount;
        uint8 revealedCount;
        uint8 leaderCount;
        uint48 lastRevealBlock;
        uint32 windowPeriod;
    }

    function testFuzz_getters_readWhatThePackingSays(Fields memory f) external pure {
        _require(_pack(f), f);
    }

    function testFuzz_terms_haveNoCounts(
        uint48 end,
        uint48 last,
        uint32 period,
        uint8 least,
        uint8 most,
        uint32 window
    ) external pure {
        Round terms = RoundLib.terms(end, last, period, least, most, window);
        _require(terms, Fields(end, last, period, least, most, 0, 0, 0, 0, window));
    }

    function testFuzz_endingAt_changesTheStepAlone(Fields memory f, uint48 end) external pure {
        Round changed = _pack(f).endingAt(end);
        f.sealEndsAt = end;
        _require(changed, f);
    }

    function testFuzz_opened_keepsTheTermsAndCountsOne(Fields memory f) external pure {
        Round opened = _pack(f).opened();
        (f.sealedCount, f.revealedCount, f.leaderCount) = (1, 0, 0);
        _require(opened, f);
    }

    function testFuzz_withSeedBlock_changesTheBlockAlone(Fields memory f, uint48 number) external pure {
        Round changed = _pack(f).withSeedBlock(number);
        f.lastRevealBlock = number;
        _require(changed, f);
        require(changed.seedBlock() == number, "seedBlock");
    }

    function testFuzz_sealedAgain_countsOneMoreInAStep(Fields memory f, uint48 end) external pure {
        f.sealedCount = uint8(bound(f.sealedCount, 0, 254));
        Round changed = _pack(f).sealedAgain(end);
        f.sealEndsAt = end;
        ++f.sealedCount;
        _require(changed, f);
    }

    function testFuzz_revealedAgain_countsOneMoreAndNotesTheBlock(
        Fields memory f,
        uint8 leader,
        uint48 number
    ) external {
        f.revealedCount = uint8(bound(f.revealedCount, 0, 254));
        VM.roll(number);
        Round changed = _pack(f).revealedAgain(leader);
        ++f.revealedCount;
        f.leaderCount = leader;
        f.lastRevealBlock = number;
        _require(changed, f);
    }

    /// @dev Whatever word somebody gives, also above all fields, the mark and the count of seals are set here.
    function testFuzz_packed_keepsTheTermsAndMarksThem(Fields memory f, uint8 mark, uint8 count) external pure {
        Round given = Round.wrap(Round.unwrap(_pack(f)) | (uint256(mark) << 248));
        Round changed = given.packed(count);
        require(changed.isPacked() && Round.unwrap(changed) >> 248 == 1, "mark");
        (f.sealedCount, f.revealedCount, f.leaderCount) = (count, 0, 0);
        _require(changed, f);
        require(Round.unwrap(changed.unpacked()) == Round.unwrap(_pack(f)), "unpacked");
        require(!given.opened().isPacked() && Round.unwrap(given.opened()) >> 248 == 0, "opened");
    }

    function testFuzz_revealedByAll_countsAllWhoSealed(Fields memory f, uint8 count, uint48 number) external {
        VM.roll(number);
        Round changed = _pack(f).packed(count).revealedByAll();
        (f.sealedCount, f.revealedCount, f.leaderCount, f.lastRevealBlock) = (count, count, count, number);
        _require(changed, f);
        require(Round.unwrap(changed) == Round.unwrap(_pack(f)), "word");
    }

    /// @dev No hash is taken for a round, and no round for a hash.
    function testFuzz_ofPack_marksTheHash(Fields memory f, bytes32 pack) external pure {
        Round kept = RoundLib.ofPack(pack);
        require(kept.isPacked() && Round.unwrap(kept) >> 248 == 1, "mark");
        require((Round.unwrap(kept) << 8) >> 8 == uint256(pack) >> 8, "hash");
        require(!_pack(f).isPacked(), "round");
    }

    function testFuzz_sealingEndsAt_isTheStepUnlessItEndedWithTooFew(Fields memory f, uint48 time) external {
        time = _near(f, time);
        VM.warp(time);
        bool endedWithTooFew = time >= f.sealEndsAt && f.sealedCount < f.least;
        require(_pack(f).sealingEndsAt() == (endedWithTooFew ? f.lastSealEndsAt : f.sealEndsAt), "end");
    }

    /// @dev At every second a round is in exactly one phase [T059 I21].
    function testFuzz_phases_areHalfOpenWithoutGapOrOverlap(Fields memory f, uint48 time) external {
        time = _near(f, time);
        VM.warp(time);
        Round round = _pack(f);
        uint256 opensAt = round.sealingEndsAt();
        uint256 endsAt = opensAt + f.revealPeriod;
        require(round.isSealing() == (time < opensAt), "sealing");
        require(round.revealEndsAt() == endsAt, "end");
        require(round.disputableUntil() == (f.windowPeriod == 0 ? 0 : endsAt + f.windowPeriod), "disputable");
        bool allRevealed = f.revealedCount == f.sealedCount;
        require(round.isOver() == (time >= opensAt && (allRevealed || time >= endsAt)), "over");
    }

    /// @dev Once revealing is open, time alone never brings sealing back [T042 I21].
    function testFuzz_phases_neverGoBack(Fields memory f, uint48 time, uint48 later) external {
        f.lastSealEndsAt = uint48(bound(f.lastSealEndsAt, f.sealEndsAt, type(uint48).max));
        time = _near(f, time);
        VM.warp(time);
        bool wasSealing = _pack(f).isSealing();
        VM.warp(bound(later, time, type(uint48).max));
        require(wasSealing || !_pack(f).isSealing(), "sealing");
    }

    /// @dev Any time, or often one right at an edge of a phase.
    function _near(Fields memory f, uint48 time) private pure returns (uint48) {
        uint256 edge = [f.sealEndsAt, f.lastSealEndsAt, f.sealEndsAt, f.lastSealEndsAt][time % 4];
        if (time % 4 > 1) edge += f.revealPeriod;
        if (time % 5 > 2 || edge > type(uint48).max) return time;
        return uint48(edge == 0 || time % 5 == 0 ? edge : edge - 1);
    }

    function _pack(Fields memory f) private pure returns (Round) {
        uint256 word = uint256(f.sealEndsAt) | (uint256(f.lastSealEndsAt) << 48) | (uint256(f.revealPeriod) << 96);
        word |= (uint256(f.least) << 128) | (uint256(f.most) << 136) | (uint256(f.sealedCount) << 144);
        word |= (uint256(f.revealedCount) << 152) | (uint256(f.leaderCount) << 160);
        return Round.wrap(word | (uint256(f.lastRevealBlock) << 168) | (uint256(f.windowPeriod) << 216));
    }

    function _require(Round round, Fields memory f) private pure {
        require(round.sealEndsAt() == f.sealEndsAt, "sealEndsAt");
        require(round.lastSealEndsAt() == f.lastSealEndsAt, "lastSealEndsAt");
        require(round.revealPeriod() == f.revealPeriod, "revealPeriod");
        require(round.least() == f.least, "least");
        require(round.most() == f.most, "most");
        require(round.sealedCount() == f.sealedCount, "sealedCount");
        require(round.revealedCount() == f.revealedCount, "revealedCount");
        require(round.leaderCount() == f.leaderCount, "leaderCount");
        require(round.lastRevealBlock() == f.lastRevealBlock, "lastRevealBlock");
        require(round.windowPeriod() == f.windowPeriod, "windowPeriod");
    }
}
