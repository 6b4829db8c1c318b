// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {JobRules, Rules} from "../../contracts/types/JobTypes.sol";
import {Vectors} from "../support/Vectors.sol";

/// @title RulesLib against vectors/rules.json
contract RulesVectorsTest {
    using RulesLib for JobRules;

    struct Case {
        string name;
        JobRules word;
        Rules rules;
        uint256 horizonPeriod;
    }

    string private constant CASE =
        "Case(string name,bytes32 word,Rules rules,uint256 horizonPeriod)"
        "Rules(uint16 feeBps,uint16 seatFactorBps,uint16 absenceBps,uint16 noResultFeeBps,uint16 errorFeeBps,"
        "uint16 royaltyCapBps,uint24 drawnValueCap,uint16 maxSealPeriod,uint8 widenSteps,uint8 appealWidenSteps,"
        "uint8 appealSize,uint24 activationPeriod,uint24 revealPeriod,uint24 appealSealPeriod,uint24 appealRevealPeriod)";

    /// @dev [T147]
    function test_rules() external view {
        Case[] memory cases = abi.decode(Vectors.casesOf("rules.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) {
            Case memory c = cases[i];
            JobRules packed = RulesLib.pack(c.rules).withHorizon(c.horizonPeriod);
            require(JobRules.unwrap(packed) == JobRules.unwrap(c.word), c.name);
            require(c.word.horizonPeriod() == c.horizonPeriod, c.name);
            _checkMoney(c.word, c.rules, c.name);
            _checkClocks(c.word, c.rules, c.name);
        }
    }

    function _checkMoney(JobRules word, Rules memory rules, string memory name) private pure {
        require(word.feeBps() == rules.feeBps, name);
        require(word.seatFactorBps() == rules.seatFactorBps, name);
        require(word.absenceBps() == rules.absenceBps, name);
        require(word.noResultFeeBps() == rules.noResultFeeBps, name);
        require(word.errorFeeBps() == rules.errorFeeBps, name);
        require(word.royaltyCapBps() == rules.royaltyCapBps, name);
        require(word.drawnValueCap() == uint256(rules.drawnValueCap) * 1e18, name);
    }

    function _checkClocks(JobRules word, Rules memory rules, string memory name) private pure {
        require(word.maxSealPeriod() == rules.maxSealPeriod, name);
        require(word.widenSteps() == rules.widenSteps, name);
        require(word.appealWidenSteps() == rules.appealWidenSteps, name);
        require(word.appealSize() == rules.appealSize, name);
        require(word.activationPeriod() == rules.activationPeriod, name);
        require(word.revealPeriod() == rules.revealPeriod, name);
        require(word.appealSealPeriod() == rules.appealSealPeriod, name);
        require(word.appealRevealPeriod() == rules.appealRevealPeriod, name);
    }
}
