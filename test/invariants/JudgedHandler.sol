// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketServing} from "../../contracts/base/MarketServing.sol";
import {IPausable} from "../../contracts/interfaces/IPausable.sol";
import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {ModelId, VersionId, VersionIdentity} from "../../contracts/types/ModelTypes.sol";
import {Control} from "../support/Control.sol";
import {spread} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";
import {Disputer} from "./Disputer.sol";
import {Tally} from "./Tally.sol";
import {Toy} from "./Toy.sol";

/// @title What random play about answers of single nodes has in common: a version that a referee judges, people and nodes,
/// their disputes, and a guardian who pauses
abstract contract JudgedHandler is Control, Tally {
    uint256 private constant OWN_STAKE = 1_000e18;
    bytes32 internal constant INPUT = keccak256("input");

    Toy public immutable TOY = new Toy(INPUT);
    Disputer public immutable DISPUTER;
    address public constant STRANGER = address(0x5712A9E2);
    address public constant PUBLISHER = address(0x9b11);
    VersionId public immutable VERSION;
    ModelId internal immutable MODEL;

    /// @dev Nodes, and those who pay them and challenge them; a node does so, too.
    address[] public people;
    address[] public nodes;
    mapping(address node => uint256) internal _signerKeys;
    /// @dev Where nodes answer; keeps the balances.
    MarketServing private _place;
    /// @dev Tokens sent to the place where nobody is owed them.
    uint256 public gifts;
    /// @dev Entries that were refused for a pause.
    uint256 public closedEntries;

    constructor() {
        VM.warp(NOW);
        DISPUTER = new Disputer(DISPUTES, TOY);
        DISPUTES.addReferee(IReferee(address(TOY.REFEREE())));
        (MODEL, ) = _publish(PUBLISHER, 0.1e18);
        VersionIdentity memory judged = identity();
        VM.prank(PUBLISHER);
        VERSION = REGISTRY.release(MODEL, judged, _details(2, 0));
        DISPUTES.admit(MODEL, judged, TOY.header(), TOY.roots(0));
    }

    /// @notice The guardian closes entries, as soon as it can.
    function pause() external {
        if (isPaused()) return;
        _passTo(GUARDIAN.pausedUntil() + COOL_DOWN);
        _pauseIfAllowed();
    }

    /// @notice Lets time pass: mostly seconds, rarely a month.
    function pass(uint256 seed) external {
        uint256 any = spread(seed);
        _passTo(block.timestamp + ((any >> 8) % (any % 16 == 0 ? 31 days : 12)));
    }

    function peopleCount() external view returns (uint256) {
        return people.length;
    }

    function isPaused() public view returns (bool) {
        return block.timestamp < GUARDIAN.pausedUntil();
    }

    function identity() public view returns (VersionIdentity memory made) {
        made = _identity("judged");
        (made.profile, made.graphRoot) = (TOY.PROFILE(), TOY.graphRoot());
    }

    /// @dev Brings nodes, and those who pay them and challenge them, to where they meet.
    function _begin(MarketServing place) internal {
        _place = place;
        for (uint256 key = 1; key <= 3; ++key) _startNode(VM.addr(key), key + 10);
        for (uint160 i; i < 3; ++i) people.push(address(0xa11ce00 + i));
        for (uint256 i; i < people.length; ++i) _fund(people[i]);
    }

    /// @dev Lets time pass. One moment in three the guardian uses, if it can: also the one in which something is due.
    function _passTo(uint256 time) internal {
        if (time > block.timestamp) VM.warp(time);
        VM.roll(block.number + 1);
        if (block.timestamp % 3 == 0) _pauseIfAllowed();
    }

    /// @dev An entry that a pause closes, whatever else would be wrong with it.
    function _refuseEntry(address caller, address target, bytes memory call) internal {
        bytes memory refusal = abi.encodeWithSelector(IPausable.EntryPaused.selector, GUARDIAN.pausedUntil());
        _refuse(caller, target, call, refusal);
        ++closedEntries;
    }

    /// @dev Moves money that is not at stake, and gives some to nobody.
    function _moveMoney(address account, uint256 choice, uint256 any) internal {
        uint256 amount = any % 10e18;
        if (choice == 0) _try(account, abi.encodeCall(_place.withdraw, (account, amount)));
        if (choice == 1) _try(account, abi.encodeCall(_place.deposit, (account, amount)));
        if (choice == 2)
            _must(STRANGER, address(_place), abi.encodeCall(_place.claim, (nodes[any % nodes.length], VERSION)));
        if (choice == 3) _must(STRANGER, address(_place), abi.encodeCall(_place.collectFees, (people)));
        if (choice == 4) TOKEN.transfer(address(_place), amount);
        if (choice == 4) gifts += amount;
    }

    function _try(address caller, bytes memory call) internal returns (bool did) {
        return _try(caller, address(_place), call);
    }

    /// @dev Lets a node's lock answer in that place; the caller is pranked.
    function _serve(address node, uint256 maxLock) internal virtual;

    function _signerOf(address node) internal view returns (address) {
        return VM.addr(_signerKeys[node]);
    }

    function _pauseIfAllowed() internal {
        if (block.timestamp < GUARDIAN.pausedUntil() + COOL_DOWN) return;
        _must(KEEPER, address(GUARDIAN), abi.encodeCall(GUARDIAN.pause, ()));
    }

    function _startNode(address node, uint256 key) private {
        people.push(node);
        nodes.push(node);
        _endow(node);
        _register(node, key, OWN_STAKE);
        _signerKeys[node] = key;
        VM.prank(node);
        STAKING.authorise(node, address(_place), FORTUNE);
        VM.prank(node);
        _serve(node, 600e18);
    }

    function _fund(address account) private {
        _endow(account);
        VM.prank(account);
        _place.deposit(account, FORTUNE / 4);
        TOKEN.approve(address(DISPUTES), FORTUNE);
        DISPUTES.deposit(account, FORTUNE / 2);
        DISPUTES.deposit(STRANGER, FORTUNE / 2);
    }
}
