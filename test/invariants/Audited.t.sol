// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OPGToken} from "../../contracts/OPGToken.sol";
import {OptimisticMarketplace} from "../../contracts/OptimisticMarketplace.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {
    OptimisticJob,
    OptimisticRecord,
    OptimisticRules,
    OptimisticState
} from "../../contracts/types/OptimisticTypes.sol";
import {VM} from "../support/Vm.sol";
import {AuditedHandler} from "./AuditedHandler.sol";
import {Measured} from "./Measured.sol";
import {Tally} from "./Tally.sol";

/// @title What always holds of jobs that may be audited, whatever nodes and auditors answer and whoever disputes it
contract AuditedInvariants is Measured {
    using JobLib for AccountAmount;
    using OptimisticJobLib for *;
    using OptimisticRulesLib for OptimisticRules;
    using OptimisticRecordLib for OptimisticRecord;

    AuditedHandler private _handler;
    OptimisticMarketplace private _market;
    OPGToken private _token;

    function setUp() external {
        _handler = new AuditedHandler();
        (_market, _token) = (_handler.OPTIMISTIC(), _handler.TOKEN());
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev [I02 I07 I09]
    /// forge-config: default.invariant.runs = 40
    /// forge-config: default.invariant.depth = 200
    function invariant_auditedBooks() external view {
        uint256 owed;
        uint256 needed;
        for (uint256 i; i < _handler.jobCount(); ++i) {
            (OptimisticJob memory job, OptimisticRecord record) = _handler.jobAt(i);
            OptimisticState outcome = _handler.outcomes(i);
            require(outcome == OptimisticState.None || record.state() == outcome, "another end");
            if (!record.state().isUnderWay()) continue;
            owed += record.attempt() == 0 ? _escrowOf(job) : record.price();
            needed += _collateralAt(i, job, record);
        }
        uint256 used;
        for (uint256 i; i < 3; ++i) {
            (, uint256 inUse, uint256 earned) = _handler.nodeAt(i);
            used += inUse;
            (uint256 balance, uint256 fees) = _market.accountOf(_handler.people()[i]);
            owed += earned + balance + fees;
        }
        require(_token.balanceOf(address(_market)) == owed, "the market holds what it owes");
        require(used == needed, "used is not what running jobs need");
    }

    /// @dev When all clocks have run out, every job can be ended by anyone, and no collateral is left [I10].
    /// forge-config: default.invariant.runs = 40
    /// forge-config: default.invariant.depth = 200
    function invariant_everyAuditedJobEnds() external {
        for (uint256 attempt; attempt < 2; ++attempt) {
            VM.warp(block.timestamp + 1 days);
            _handler.reclaim(0);
            VM.warp(block.timestamp + 1 hours);
            for (uint256 i; i < _handler.jobCount(); ++i) {
                bool over = _handler.tryEnd(i);
                require(over || attempt == 0, "stuck");
            }
        }
        for (uint256 i; i < 3; ++i) {
            (, uint256 used, ) = _handler.nodeAt(i);
            require(used == 0, "collateral of nothing");
        }
    }

    function _play() internal view override returns (string memory, Tally) {
        return ("Audited", _handler);
    }

    /// @dev Written anew: two prices with their fees, and the royalty.
    function _escrowOf(OptimisticJob memory job) private pure returns (uint256) {
        uint256 price = job.requester.amount();
        return 2 * (price + (price * job.rules.feeBps()) / 10_000) + job.royalty.amount();
    }

    /// @dev Written anew: of the node that holds a job, from its seal or its reservation on, and of the auditor.
    function _collateralAt(
        uint256 i,
        OptimisticJob memory job,
        OptimisticRecord record
    ) private view returns (uint256 needed) {
        bool named = record.state() == OptimisticState.Named;
        if (record.state() == OptimisticState.Open) return 0;
        uint256 price = named ? job.requester.amount() : record.price();
        uint256 gain = price + job.shape.valueAtStake();
        if (record.attempt() == 1) return 30 * gain + 4e18;
        uint256 feared = (3 * gain * 10_000) / job.shape.auditBps();
        if (!named || _handler.sealers(i) != address(0)) needed = (feared > 5 * price ? feared : 5 * price) + 4e18;
        if (_handler.auditors(i) != address(0)) needed += 2 * price + 4e18;
    }
}
