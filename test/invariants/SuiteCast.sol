// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Distribution} from "../../contracts/Distribution.sol";
import {JobChain} from "../../contracts/JobChain.sol";
import {JobRelay} from "../../contracts/JobRelay.sol";
import {JobScheduler} from "../../contracts/JobScheduler.sol";
import {Mandates} from "../../contracts/Mandates.sol";
import {PriceBook} from "../../contracts/PriceBook.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {Allocation} from "../../contracts/types/ControlTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {SchedulerNumbers} from "../../contracts/types/SchedulerTypes.sol";
import {Control} from "../support/Control.sol";
import {Judged} from "../support/Judged.sol";
import {SessionSigning} from "../support/SessionSigning.sol";
import {VM} from "../support/Vm.sol";
import {Adversary} from "./Adversary.sol";
import {Tally} from "./Tally.sol";

/// @title Every contract, wired as the Ignition modules wire it, and everybody who plays with them
/// @dev Sixteen: four nodes, three payers, two delegators, an adversary that is a contract, a watcher, a publisher, a guardian, the
/// treasury, a stranger, and the cast itself, whom votes have made admin.
abstract contract SuiteCast is Control, Judged, SessionSigning, Tally {
    uint256 public constant NODES = 4;
    uint256 internal constant PAYERS = 4;
    uint256 internal constant OWN_STAKE = 20_000e18;
    uint256 internal constant MAX_LOCK = 4_000e18;
    address internal constant STRANGER = address(0x5712A9E2);

    JobScheduler public immutable SCHEDULER;
    JobChain public immutable CHAIN;
    JobRelay public immutable RELAY;
    PriceBook public immutable PRICES;
    Mandates internal immutable MANDATES_;
    Distribution internal immutable DISTRIBUTION;
    Adversary public immutable ADVERSARY = new Adversary();

    /// @dev Ascending by address.
    address[] public nodes;
    mapping(address node => uint256) internal _keys;
    /// @dev The last one is the adversary.
    address[] public payers;
    address[2] public delegators = [address(0xde1e1), address(0xde1e2)];
    /// @dev Where accounts are: three markets and the disputes.
    ILedger[4] public ledgers;
    /// @dev Everybody, and every contract.
    address[] private _everybody;
    /// @dev Tokens sent where nobody is owed them.
    mapping(address holder => uint256) public gifts;

    constructor() {
        VM.warp(NOW);
        VM.roll(1_000);
        SCHEDULER = new JobScheduler(STAKING.authority(), MARKET, OPTIMISTIC, SchedulerNumbers(5, 5_000, 50_000, 2));
        CHAIN = new JobChain(MARKET, OPTIMISTIC);
        RELAY = new JobRelay(MARKET);
        PRICES = new PriceBook(STAKING);
        MANDATES_ = Mandates(address(OPTIMISTIC.MANDATES()));
        DISTRIBUTION = _distribute();
        ledgers = [ILedger(address(MARKET)), OPTIMISTIC, SESSIONS, DISPUTES];
        _publishJudged(0.1e18);
        for (uint256 key = 1; key <= NODES; ++key) _insert(VM.addr(key), key + NODES);
        for (uint256 i; i < NODES; ++i) _startNode(nodes[i]);
        for (uint160 i; i < PAYERS; ++i) _startPayer(i < PAYERS - 1 ? address(0x1e9_0000 + i) : address(ADVERSARY));
        for (uint256 i; i < 2; ++i) _endow(delegators[i]);
        _gather();
        VM.warp(NOW + 10);
        VM.roll(1_010);
    }

    function everybody() external view returns (address[] memory) {
        return _everybody;
    }

    /// @dev What never holds a token but by mistake.
    function poor() public view returns (address[13] memory) {
        return
            [
                address(REGISTRY),
                address(COMMITMENTS),
                address(POLICY),
                address(OPTIMISTIC_POLICY),
                address(ROSTER),
                address(RECEIPTS),
                address(MANDATES_),
                address(SCHEDULER),
                address(CHAIN),
                address(RELAY),
                address(PRICES),
                address(GUARDIAN),
                address(DISTRIBUTION)
            ];
    }

    function version() public view returns (VersionId) {
        return _version;
    }

    function _signerOf(address node) internal view returns (address) {
        return VM.addr(_keys[node]);
    }

    /// @dev A wallet that releases over a year, and the rest to whom it came from.
    function _distribute() private returns (Distribution distribution) {
        Allocation[] memory allocations = new Allocation[](1);
        allocations[0] = Allocation(STRANGER, 1_000e18, 0, 0, 365 days);
        distribution = new Distribution(allocations, address(this));
        TOKEN.transfer(address(distribution), 2_000e18);
        distribution.distribute(TOKEN);
    }

    function _insert(address node, uint256 signerKey) private {
        _keys[node] = signerKey;
        nodes.push(node);
        for (uint256 i = nodes.length - 1; i > 0 && nodes[i - 1] > nodes[i]; --i) {
            (nodes[i - 1], nodes[i]) = (nodes[i], nodes[i - 1]);
        }
    }

    function _startNode(address node) private {
        _endow(node);
        _register(node, _keys[node], OWN_STAKE);
        address[4] memory consumers = [address(MARKET), address(OPTIMISTIC), address(SESSIONS), address(ADVERSARY)];
        for (uint256 i; i < consumers.length; ++i) {
            VM.prank(node);
            STAKING.authorise(node, consumers[i], FORTUNE);
        }
        uint256 endsAt = block.timestamp + 80 days;
        VM.prank(node);
        MARKET.serve(node, _version, OWN_STAKE, MAX_LOCK, endsAt);
        VM.prank(node);
        OPTIMISTIC.serve(node, _version, MAX_LOCK, endsAt);
        VM.prank(node);
        SESSIONS.serve(node, _version, MAX_LOCK, endsAt);
        VM.prank(node);
        ROSTER.enrol(node, _version, OWN_STAKE);
    }

    function _startPayer(address payer) private {
        payers.push(payer);
        _endow(payer);
        for (uint256 i; i < ledgers.length; ++i) {
            VM.prank(payer);
            TOKEN.approve(address(ledgers[i]), type(uint256).max);
            VM.prank(payer);
            ledgers[i].deposit(payer, FORTUNE / 10);
        }
        for (uint256 i; i < 2; ++i) {
            VM.prank(payer);
            MANDATES_.allow(address(ledgers[i]), address(SCHEDULER), type(uint96).max);
            VM.prank(payer);
            MANDATES_.allow(address(ledgers[i]), address(CHAIN), type(uint96).max);
        }
    }

    function _gather() private {
        for (uint256 i; i < NODES; ++i) _everybody.push(nodes[i]);
        for (uint256 i; i < PAYERS; ++i) _everybody.push(payers[i]);
        for (uint256 i; i < 2; ++i) _everybody.push(delegators[i]);
        address[6] memory others = [WATCHER, PUBLISHER, KEEPER, TREASURY, STRANGER, address(this)];
        for (uint256 i; i < others.length; ++i) _everybody.push(others[i]);
        address[6] memory holders = [
            address(STAKING),
            address(MARKET),
            address(OPTIMISTIC),
            address(SESSIONS),
            address(DISPUTES),
            DISTRIBUTION.shares()[0].payee
        ];
        for (uint256 i; i < holders.length; ++i) _everybody.push(holders[i]);
        for (uint256 i; i < poor().length; ++i) _everybody.push(poor()[i]);
    }
}
