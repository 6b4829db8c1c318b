// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {OPGGovernor} from "../../contracts/OPGGovernor.sol";
import {OPGTimelock} from "../../contracts/OPGTimelock.sol";
import {PauseGuardian} from "../../contracts/PauseGuardian.sol";
import {IOPGGovernor} from "../../contracts/interfaces/IOPGGovernor.sol";
import {IPausable} from "../../contracts/interfaces/IPausable.sol";
import {ControlLib} from "../../contracts/libraries/ControlLib.sol";
import {VoteNumbers} from "../../contracts/types/ControlTypes.sol";
import {SuiteAdmin} from "./SuiteAdmin.sol";
import {VM} from "./Vm.sol";

/// @title The suite with what controls it, wired as the Ignition modules wire it, with the numbers of `local.json5`
abstract contract Control is SuiteAdmin {
    uint64 private constant GUARDIAN_ROLE = 1;
    uint64 private constant PAUSER_ROLE = 2;
    uint256 internal constant NOW = 1_000_000_000;
    uint256 internal constant PAUSE = 60;
    uint256 internal constant COOL_DOWN = 60;
    uint256 internal constant MOST_VOTE_PERIOD = 52;
    address internal constant KEEPER = address(0x6a4d);

    AccessManager internal immutable ACCESS;
    OPGTimelock internal immutable TIMELOCK = new OPGTimelock(5, 5, 8, address(this));
    OPGGovernor internal immutable GOVERNOR;
    PauseGuardian internal immutable GUARDIAN;

    constructor() {
        ACCESS = AccessManager(STAKING.authority());
        GOVERNOR = new OPGGovernor(IVotes(address(TOKEN)), TIMELOCK, MOST_VOTE_PERIOD, _numbers());
        TIMELOCK.grantRole(TIMELOCK.PROPOSER_ROLE(), address(GOVERNOR));
        TIMELOCK.grantRole(TIMELOCK.CANCELLER_ROLE(), address(GOVERNOR));
        TIMELOCK.renounceRole(TIMELOCK.DEFAULT_ADMIN_ROLE(), address(this));

        IPausable[] memory targets = new IPausable[](5);
        (targets[0], targets[1], targets[2]) = (MARKET, OPTIMISTIC, SESSIONS);
        (targets[3], targets[4]) = (REGISTRY, STAKING);
        GUARDIAN = new PauseGuardian(address(ACCESS), IOPGGovernor(address(GOVERNOR)), PAUSE, COOL_DOWN, targets);
        ACCESS.grantRole(GUARDIAN_ROLE, KEEPER, 0);
        ACCESS.grantRole(PAUSER_ROLE, address(GUARDIAN), 0);
        bytes4[] memory entries = new bytes4[](2);
        (entries[0], entries[1]) = (GUARDIAN.pause.selector, GUARDIAN.resume.selector);
        ACCESS.setTargetFunctionRole(address(GUARDIAN), entries, GUARDIAN_ROLE);
        bytes4[] memory pauseUntil = new bytes4[](1);
        pauseUntil[0] = IPausable.pauseUntil.selector;
        for (uint256 i; i < targets.length; ++i) {
            ACCESS.setTargetFunctionRole(address(targets[i]), pauseUntil, PAUSER_ROLE);
        }
    }

    /// @dev What the next call is to be refused with.
    function _expectOutOfBounds(bytes32 parameter, uint256 given, uint256 least, uint256 most) internal {
        VM.expectRevert(_outOfBounds(parameter, given, least, most));
    }

    function _outOfBounds(
        bytes32 parameter,
        uint256 given,
        uint256 least,
        uint256 most
    ) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ControlLib.ControlOutOfBounds.selector, parameter, given, least, most);
    }

    function _numbers() internal pure returns (VoteNumbers memory) {
        return VoteNumbers(5, 30, 10, 1e18, 400);
    }
}
