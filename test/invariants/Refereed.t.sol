// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InferenceMarketplace} from "../../contracts/InferenceMarketplace.sol";
import {OPGToken} from "../../contracts/OPGToken.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {AccountAmount, Job, JobRecord, JobShape, JobState} from "../../contracts/types/JobTypes.sol";
import {VM} from "../support/Vm.sol";
import {Measured} from "./Measured.sol";
import {RefereedHandler} from "./RefereedHandler.sol";
import {Tally} from "./Tally.sol";

/// @title What always holds of jobs that a referee can judge, whatever nodes answer and whoever disputes it
contract RefereedInvariants is Measured {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using JobRecordLib for JobRecord;

    uint256 private constant FACTOR = 2_100;

    RefereedHandler private _handler;
    InferenceMarketplace private _market;
    OPGToken private _token;

    function setUp() external {
        _handler = new RefereedHandler();
        _market = _handler.MARKET();
        _token = _handler.TOKEN();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev [I02 I07 I09 I36]
    /// forge-config: default.invariant.runs = 12
    /// forge-config: default.invariant.depth = 150
    function invariant_books() external view {
        uint256 owed;
        uint256 used;
        for (uint256 i; i < _handler.jobCount(); ++i) {
            (Job memory job, JobRecord record) = _handler.jobAt(i);
            JobState outcome = _handler.outcomes(i);
            require(outcome == JobState.None || record.state() == outcome, "another end");
            if (record.isFinal()) continue;
            owed += JobLib.escrow(job.requester, job.callback, job.royalty.amount(), job.shape, job.rules);
            used += _handler.seatsOf(i).length * FACTOR * _handler.PRICE();
        }
        for (uint256 i; i < 3; ++i) {
            (, uint256 inUse, uint256 earned) = _handler.nodeAt(i);
            owed += earned;
            used -= inUse;
            (uint256 balance, uint256 fees) = _market.accountOf(_handler.people()[i]);
            owed += balance + fees;
        }
        require(_token.balanceOf(address(_market)) == owed, "the market holds what it owes");
        require(used == 0, "collateral of nobody");
    }

    /// @dev When all clocks have run out, every job can be ended by anyone [I10].
    /// forge-config: default.invariant.runs = 12
    /// forge-config: default.invariant.depth = 150
    function invariant_everyJobEnds() external {
        VM.warp(block.timestamp + 1 days);
        _handler.reclaim(0);
        VM.warp(block.timestamp + 1 hours);
        for (uint256 i; i < _handler.jobCount(); ++i) require(_handler.tryEnd(i), "stuck");
    }
    function _play() internal view override returns (string memory, Tally) {
        return ("Refereed", _handler);
    }
}
