// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DeterrenceLib} from "../../contracts/libraries/DeterrenceLib.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {Liar} from "../../contracts/types/LensTypes.sol";
import {OptimisticNumbers, OptimisticRules} from "../../contracts/types/OptimisticTypes.sol";
import {bound} from "../support/Fuzz.sol";

/// @title Chances and losses of a liar
contract DeterrenceLibTest {
    using DeterrenceLib for OptimisticRules;

    uint256 private constant WAD = 1e18;

    /// @dev Who has nobody beside it is audited unless no seat is ever drawn; more of a share, or fewer who are there, leave
    /// less to the honest.
    function testFuzz_honestWad_fallsWithTheLiarsShare(
        uint8 seats,
        uint8 steps,
        uint16[2] memory shares,
        uint16[2] memory onlines
    ) external pure {
        OptimisticNumbers memory numbers;
        numbers.auditSeats = uint8(bound(seats, 5, 30));
        numbers.auditSteps = uint8(bound(steps, 1, 6));
        OptimisticRules rules = OptimisticRulesLib.pack(numbers);
        (uint256 few, uint256 many) = _sorted(bound(shares[0], 0, 10_000), bound(shares[1], 0, 10_000));
        (uint256 away, uint256 there) = _sorted(bound(onlines[0], 0, 10_000), bound(onlines[1], 0, 10_000));
        uint256 best = rules.honestWad(Liar(uint16(few), uint16(there)));
        uint256 slack = 100; // of 1e18, from rounding
        require(best <= WAD, "more than certain");
        require(rules.honestWad(Liar(uint16(many), uint16(there))) <= best + slack, "share");
        require(rules.honestWad(Liar(uint16(few), uint16(away))) <= best + slack, "online");
        require(rules.honestWad(Liar(10_000, 10_000)) == 0 && rules.honestWad(Liar(0, 0)) == 0, "nobody honest");
    }

    /// @dev 1 - e^-x for who is honest alone, and the figures of the page that explains it.
    function test_honestWad_isWhatTheTheorySays() external pure {
        OptimisticNumbers memory numbers;
        (numbers.auditSeats, numbers.auditSteps) = (10, 4);
        OptimisticRules rules = OptimisticRulesLib.pack(numbers);
        _near(rules.honestWad(Liar(0, 10_000)), 999_999_887_464_825_280, 10); // 1 - e^-16
        _near(rules.honestWad(Liar(3_000, 10_000)), 571e15, 1e15);
        _near(rules.honestWad(Liar(3_000, 5_000)), 426e15, 1e15);
        _near(rules.honestWad(Liar(5_000, 10_000)), 360e15, 1e15);
    }

    /// @dev What comes back to a liar is the prize and three of the four parts of the reward; the rest is lost for good.
    function testFuzz_lossOf_isWhatDoesNotComeBack(
        uint16 share,
        uint96 collateral,
        uint96 harm,
        uint96 prize
    ) external pure {
        OptimisticNumbers memory numbers;
        numbers.challengerShareBps = uint16(bound(share, 2_500, 5_000));
        OptimisticRules rules = OptimisticRulesLib.pack(numbers);
        uint256 left = collateral > harm ? uint256(collateral) - harm : 0;
        uint256 second = prize < left ? prize : left;
        uint256 reward = ((left - second) * numbers.challengerShareBps) / 10_000;
        uint256 lost = uint256(collateral) - second - (reward * 3) / 4;
        uint256 loss = rules.lossOf(collateral, harm, prize);
        require(loss == lost || loss + 1 == lost, "loss");
    }

    function _sorted(uint256 one, uint256 other) private pure returns (uint256, uint256) {
        return one < other ? (one, other) : (other, one);
    }

    function _near(uint256 given, uint256 expected, uint256 most) private pure {
        require((given > expected ? given - expected : expected - given) <= most, "not near");
    }
}
