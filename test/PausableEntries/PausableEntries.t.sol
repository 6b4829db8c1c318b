// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IPausable} from "../../contracts/interfaces/IPausable.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {Job, JobRules, JobShape} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {OptimisticRules} from "../../contracts/types/OptimisticTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @title What a pause closes, until when, and what it leaves open
contract PausableEntriesTest is Offering {
    uint256 private constant NEWCOMER_KEY = 0xbee;
    address private constant NEWCOMER = address(0x4e3);

    /// @dev Released beside the version that a referee judges.
    VersionId private _unrefereed;

    function setUp() external {
        _setUp();
        _endow(NEWCOMER);
        _unrefereed = REGISTRY.versionAt(_model, 1, 0);
        VM.prank(REQUESTER);
        MARKET.withdraw(REQUESTER, 0);
        TOKEN.approve(address(MARKET), FORTUNE);
        MARKET.deposit(REQUESTER, FORTUNE);
    }

    /// @dev Before its end nobody enters anywhere; from it on everybody does, whether or not rules were set meanwhile.
    function testFuzz_entries_openByThemselves(uint256 period, uint256 late, bool ruled) external {
        uint256 until = block.timestamp + bound(period, 1, 365 days);
        _pauseUntil(until);
        if (ruled) _setRules();
        bytes memory refusal = abi.encodeWithSelector(IPausable.EntryPaused.selector, until);
        (address[8] memory callers, address[8] memory targets, bytes[8] memory calls) = _entries(until);
        VM.warp(until - 1);
        for (uint256 i; i < calls.length; ++i) _refuse(callers[i], targets[i], calls[i], refusal);
        VM.warp(until + bound(late, 0, 1 days));
        for (uint256 i; i < calls.length; ++i) _accept(callers[i], targets[i], calls[i]);
    }

    /// @dev A pause that ends now ends it.
    function testFuzz_entries_openWhenTheyAreTold(uint256 period) external {
        _pauseUntil(block.timestamp + bound(period, 1, 365 days));
        _pauseUntil(block.timestamp);
        (address[8] memory callers, address[8] memory targets, bytes[8] memory calls) = _entries(block.timestamp);
        for (uint256 i; i < calls.length; ++i) _accept(callers[i], targets[i], calls[i]);
    }

    function testFuzz_lock_growsInAmountAlone(uint256 amount, uint256 longer) external {
        _pauseUntil(type(uint256).max);
        bytes memory refusal = abi.encodeWithSelector(IPausable.EntryPaused.selector, type(uint256).max);
        uint256 endsAt = NOW + 80 days + bound(longer, 0, 10 days);
        amount = bound(amount, 0, OWN_STAKE);
        bytes memory call = abi.encodeCall(OPTIMISTIC.serve, (_nodes[0], _version, amount, endsAt));
        if (amount > MAX_LOCK) _refuse(_nodes[0], address(OPTIMISTIC), call, refusal);
        else _accept(_nodes[0], address(OPTIMISTIC), call);
    }

    function testFuzz_pauseUntil_isForItsRoleAlone(address caller, uint256 time) external {
        VM.assume(caller != address(this));
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        address[4] memory targets = _targets();
        for (uint256 i; i < targets.length; ++i) {
            _refuse(caller, targets[i], abi.encodeCall(IPausable.pauseUntil, (time)), refusal);
        }
    }

    /// @dev A pause is a bit of the rules that nobody sees: neither who asks for them nor a job.
    function testFuzz_governed_givesTheNumbersAlone(uint256 period) external {
        (JobRules drawn, ) = MARKET.governed();
        (OptimisticRules offered, ) = OPTIMISTIC.governed();
        uint256 until = block.timestamp + bound(period, 1, 365 days);
        _pauseUntil(until);
        (JobRules drawnNow, ) = MARKET.governed();
        (OptimisticRules offeredNow, ) = OPTIMISTIC.governed();
        require(JobRules.unwrap(drawnNow) == JobRules.unwrap(drawn), "drawn");
        require(OptimisticRules.unwrap(offeredNow) == OptimisticRules.unwrap(offered), "offered");
        require(uint256(JobRules.unwrap(drawnNow)) >> 255 == 0, "drawn bit");
        require(uint256(OptimisticRules.unwrap(offeredNow)) >> 255 == 0, "offered bit");
        VM.warp(until);
        _request(_drawn(), PUBLISHER);
        _offer(_named());
    }

    function _pauseUntil(uint256 time) private {
        address[4] memory targets = _targets();
        for (uint256 i; i < targets.length; ++i) {
            IPausable(targets[i]).pauseUntil(time);
            require(IPausable(targets[i]).pausedUntil() == time, "end");
        }
    }

    function _setRules() private {
        (JobRules drawn, ) = MARKET.governed();
        MARKET.setRules(drawn, 20);
        (OptimisticRules offered, ) = OPTIMISTIC.governed();
        OPTIMISTIC.setRules(offered, 20);
    }

    function _targets() private view returns (address[4] memory) {
        return [address(MARKET), address(OPTIMISTIC), address(REGISTRY), address(STAKING)];
    }

    /// @dev One call of each entry, which is possible at `time`.
    function _entries(
        uint256 time
    ) private view returns (address[8] memory callers, address[8] memory targets, bytes[8] memory calls) {
        callers = [REQUESTER, REQUESTER, PUBLISHER, PUBLISHER, NEWCOMER, _nodes[0], NEWCOMER, _nodes[1]];
        (address registry, address staking) = (address(REGISTRY), address(STAKING));
        targets = [
            address(MARKET),
            address(OPTIMISTIC),
            registry,
            registry,
            staking,
            staking,
            staking,
            address(OPTIMISTIC)
        ];
        bytes memory consent = _consent(NEWCOMER, NEWCOMER_KEY);
        calls = [
            abi.encodeCall(MARKET.request, (_drawn(), "ipfs://input")),
            abi.encodeCall(OPTIMISTIC.request, (_orderOf(_named()), "ipfs://input")),
            abi.encodeCall(REGISTRY.registerModel, ("another", 0, false)),
            abi.encodeCall(REGISTRY.release, (_model, _identity("another"), _details(9, 0))),
            abi.encodeCall(STAKING.register, (OWN_STAKE, VM.addr(NEWCOMER_KEY), consent, 0, "")),
            abi.encodeCall(STAKING.stake, (_nodes[0], 1e18)),
            abi.encodeCall(STAKING.delegate, (_nodes[0], 1e18, 0)),
            abi.encodeCall(OPTIMISTIC.serve, (_nodes[1], _version, MAX_LOCK + 1, time + 89 days))
        ];
    }

    function _drawn() private view returns (Job memory order) {
        order.versionId = _unrefereed;
        order.inputRoot = "input";
        order.requester = JobLib.pair(REQUESTER, 1e18);
        order.royalty = JobLib.pair(address(0), ROYALTY);
        order.shape = JobShape.wrap(bytes32(uint256(2 | (10 << 24) | (2 << 40))));
    }
}
