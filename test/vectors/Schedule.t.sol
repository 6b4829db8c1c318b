// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {GameRulesLib} from "../../contracts/libraries/GameRulesLib.sol";
import {HashLib} from "../../contracts/libraries/HashLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {ScheduleLib} from "../../contracts/libraries/ScheduleLib.sol";
import {SchedulerRulesLib} from "../../contracts/libraries/SchedulerRulesLib.sol";
import {DisputeRules} from "../../contracts/types/DisputeTypes.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {Schedule, ScheduleId, SchedulerRules, ScheduleTiming} from "../../contracts/types/SchedulerTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @dev Stands where a case has its scheduler: an id depends on the contract that makes it.
contract Scheduler {
    function scheduleIdOf(Schedule calldata schedule) external view returns (ScheduleId) {
        return HashLib.scheduleId(schedule);
    }
}

/// @title What schedules are made of, against vectors/schedule.json
contract ScheduleVectorsTest {
    using GameRulesLib for *;
    using JobLib for AccountAmount;
    using ScheduleLib for ScheduleTiming;
    using SchedulerRulesLib for SchedulerRules;

    struct Fields {
        address owner;
        uint256 mostReward;
        address source;
        uint256 mostCost;
        uint256 startAt;
        uint256 endsAt;
        uint256 interval;
        uint256 mostRuns;
        uint256 sourceGas;
        uint256 noticeGas;
    }

    struct Case {
        string name;
        uint256 chainId;
        address scheduler;
        Schedule schedule;
        Fields fields;
        bytes32 scheduleId;
        uint256 index;
        uint256 lateness;
        uint256 inputBytes;
        uint256 baseFee;
        uint256 nonce;
        SchedulerRules rules;
        uint256 keeperBps;
        uint256 referenceGasPrice;
        uint256 opgPerEth;
        uint256 reward;
        bytes order;
        bytes input;
    }

    string private constant CASE =
        "Case(string name,uint256 chainId,address scheduler,Schedule schedule,Fields fields,bytes32 scheduleId,"
        "uint256 index,uint256 lateness,uint256 inputBytes,uint256 baseFee,uint256 nonce,bytes32 rules,uint256 keeperBps,"
        "uint256 referenceGasPrice,uint256 opgPerEth,uint256 reward,bytes order,bytes input)"
        "Schedule(bytes32 owner,bytes32 source,bytes32 timing,bytes32 orderHash,bytes32 inputHash)"
        "Fields(address owner,uint256 mostReward,address source,uint256 mostCost,uint256 startAt,uint256 endsAt,"
        "uint256 interval,uint256 mostRuns,uint256 sourceGas,uint256 noticeGas)";

    /// @dev [T147]
    function test_schedules() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("schedule.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        bytes memory code = address(new Scheduler()).code;
        for (uint256 i; i < cases.length; ++i) {
            VM.chainId(cases[i].chainId);
            VM.etch(cases[i].scheduler, code);
            _checkHashes(cases[i]);
            _checkFields(cases[i]);
            _checkReward(cases[i]);
        }
    }

    function _checkHashes(Case memory c) private view {
        ScheduleId id = Scheduler(c.scheduler).scheduleIdOf(c.schedule);
        require(ScheduleId.unwrap(id) == c.scheduleId, c.name);
        require(ScheduleLib.nonceOf(id, c.index) == c.nonce, c.name);
        if (c.order.length == 0) return;
        require(keccak256(c.order) == c.schedule.orderHash && keccak256(c.input) == c.schedule.inputHash, c.name);
    }

    function _checkFields(Case memory c) private pure {
        Fields memory f = c.fields;
        ScheduleTiming timing = c.schedule.timing;
        require(c.schedule.owner.account() == f.owner && c.schedule.owner.amount() == f.mostReward, c.name);
        require(c.schedule.source.account() == f.source && c.schedule.source.amount() == f.mostCost, c.name);
        require(timing.startAt() == f.startAt && timing.endsAt() == f.endsAt, c.name);
        require(timing.interval() == f.interval && timing.mostRuns() == f.mostRuns, c.name);
        require(timing.sourceGas() == f.sourceGas && timing.noticeGas() == f.noticeGas, c.name);
    }

    /// @dev Written anew: a part of the gas, at the price that is larger, up to the owner's bound.
    function _checkReward(Case memory c) private {
        VM.fee(c.baseFee);
        require(c.rules.keeperBps(c.lateness) == c.keeperBps, c.name);
        DisputeRules memory prices;
        (prices.referenceGasPrice, prices.opgPerEth) = (uint40(c.referenceGasPrice), uint32(c.opgPerEth));
        uint256 cost = GameRulesLib.pack(prices).inOpg(c.schedule.timing.gasOf(c.inputBytes));
        uint256 part = (cost * c.keeperBps) / 10_000;
        require((part < c.fields.mostReward ? part : c.fields.mostReward) == c.reward, c.name);
    }
}
