// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {NodeStaking} from "../../contracts/NodeStaking.sol";
import {INodeStaking} from "../../contracts/interfaces/INodeStaking.sol";
import {StakingParameters} from "../../contracts/types/StakingTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

contract NodeStakingTest is SuiteAdmin {
    uint256 private constant KEY = 0xa11ce;
    uint256 private constant OTHER_KEY = 0xb0b;
    uint256 private constant OWN_STAKE = 1_000e18;
    uint256 private constant LEAST_OWN_STAKE = 1e18;
    uint256 private constant LEAST_DELEGATION = 1e16;
    uint256 private constant MOST_COMMISSION = 5_000;
    uint256 private constant MOST_THAW_PERIOD = 60 days;
    uint256 private constant NOW = 1_000_000;
    address private constant NODE = address(0x0de);
    address private constant NEWCOMER = address(0x4e3);
    address private constant DELEGATOR = address(0xde1);

    address private immutable SIGNER = VM.addr(KEY);

    function setUp() external {
        VM.warp(NOW);
        _endow(NODE);
        _endow(NEWCOMER);
        _endow(DELEGATOR);
        _register(NODE, KEY, OWN_STAKE);
    }

    /// @dev The node's own address and its signer count for nothing once another owner has accepted.
    function testFuzz_writes_areTheOwnersAlone(address caller, address owner) external {
        VM.assume(owner != address(0) && owner != NODE && owner != SIGNER && caller != owner);
        VM.prank(NODE);
        STAKING.proposeOwner(NODE, owner);
        VM.prank(owner);
        STAKING.acceptOwnership(NODE);

        bytes[10] memory calls = _writes();
        for (uint256 i; i < calls.length; ++i) {
            _refuse(caller, calls[i], _notOwner(caller, owner));
            _refuse(NODE, calls[i], _notOwner(NODE, owner));
            _refuse(SIGNER, calls[i], _notOwner(SIGNER, owner));
        }
    }

    /// @dev Ownership waits for whom it was offered to; where it was offered to nobody, for nobody.
    function testFuzz_acceptOwnership_isForTheNextOwner(address caller, address next) external {
        VM.assume(caller != next && caller != address(0) && next != address(0));
        bytes memory call = abi.encodeCall(INodeStaking.acceptOwnership, (NODE));
        _refuse(caller, call, _notNext(caller, address(0)));
        VM.prank(NODE);
        STAKING.proposeOwner(NODE, next);
        _refuse(caller, call, _notNext(caller, next));

        _accept(next, address(STAKING), call);
        (address owner, address nextOwner) = STAKING.ownerOf(NODE);
        require(owner == next && nextOwner == address(0), "owner");
        _refuse(next, call, _notNext(next, address(0)));
    }

    function testFuzz_register_wantsTheLeastOwnStake(uint256 little, uint256 enough) external {
        bytes memory consent = _consent(NEWCOMER, OTHER_KEY);
        uint256[2] memory bad = [LEAST_OWN_STAKE - 1, bound(little, 0, LEAST_OWN_STAKE - 1)];
        for (uint256 i; i < bad.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(
                INodeStaking.StakingOwnStakeTooSmall.selector,
                bad[i],
                LEAST_OWN_STAKE
            );
            _refuse(NEWCOMER, _registration(bad[i], VM.addr(OTHER_KEY), consent, 0), refusal);
        }
        uint256 amount = enough % 4 == 0 ? LEAST_OWN_STAKE : bound(enough, LEAST_OWN_STAKE, FORTUNE);
        _accept(NEWCOMER, address(STAKING), _registration(amount, VM.addr(OTHER_KEY), consent, 0));
        (uint256 bonded, ) = STAKING.ownStakeOf(NEWCOMER);
        require(bonded == amount && TOKEN.balanceOf(NEWCOMER) == FORTUNE - amount, "stake");
    }

    function testFuzz_register_isOnceForEachAddress(uint256 ownStake, uint256 key) external {
        key = bound(key, 1, type(uint128).max);
        bytes memory consent = _consent(NODE, key);
        bytes memory refusal = abi.encodeWithSelector(INodeStaking.StakingNodeExists.selector, NODE);
        _refuse(NODE, _registration(ownStake, VM.addr(key), consent, 0), refusal);
    }

    /// @dev Half of the rewards is the most that a node can keep, at first and later [T031].
    function testFuzz_commission_isCapped(uint256 excess, uint256 bps) external {
        excess = excess % 4 == 0 ? MOST_COMMISSION + 1 : bound(excess, MOST_COMMISSION + 1, type(uint256).max);
        bps = bps % 4 == 0 ? MOST_COMMISSION : bound(bps, 0, MOST_COMMISSION);
        bytes memory refusal = abi.encodeWithSelector(
            INodeStaking.StakingCommissionTooHigh.selector,
            excess,
            MOST_COMMISSION
        );
        bytes memory consent = _consent(NEWCOMER, OTHER_KEY);
        _refuse(NEWCOMER, _registration(OWN_STAKE, VM.addr(OTHER_KEY), consent, excess), refusal);
        _refuse(NODE, abi.encodeCall(INodeStaking.proposeCommission, (NODE, excess)), refusal);

        _accept(NEWCOMER, address(STAKING), _registration(OWN_STAKE, VM.addr(OTHER_KEY), consent, bps));
        _accept(NEWCOMER, address(STAKING), abi.encodeCall(INodeStaking.proposeCommission, (NEWCOMER, bps)));
        (uint256 current, uint256 next, ) = STAKING.commissionOf(NEWCOMER);
        require(current == bps && next == bps, "commission");
    }

    /// @dev A signer serves one node at a time; zero serves none [I18].
    function testFuzz_signers_serveOneNode(uint256 key, bytes calldata consent) external {
        key = bound(key, 1, type(uint128).max);
        VM.assume(key != KEY);
        address next = VM.addr(key);
        _propose(key);
        bytes memory given = _consent(NEWCOMER, key);
        _refuse(NEWCOMER, _registration(OWN_STAKE, next, given, 0), _taken(next, NODE));
        given = _consent(NEWCOMER, KEY);
        _refuse(NEWCOMER, _registration(OWN_STAKE, SIGNER, given, 0), _taken(SIGNER, NODE));
        _refuse(NEWCOMER, _registration(OWN_STAKE, address(0), consent, 0), _taken(address(0), address(0)));

        // What was only proposed is free again as soon as the node proposes another, or revokes.
        VM.prank(NODE);
        STAKING.revokeSigner(NODE);
        require(STAKING.nodeOf(next) == address(0) && STAKING.nodeOf(SIGNER) == address(0), "free");
        _register(NEWCOMER, key, OWN_STAKE);
        require(STAKING.nodeOf(next) == NEWCOMER, "serves");
    }

    /// @dev Nobody is made a signer but by its own signature, for this node, and once [T005 T038].
    function testFuzz_consents_areTheSignersOwn(uint256 key, address node) external {
        key = bound(key, 1, type(uint128).max);
        VM.assume(key != OTHER_KEY && key != KEY && node != NODE);
        address signer = VM.addr(OTHER_KEY);
        bytes memory call = abi.encodeCall(INodeStaking.proposeSigner, (NODE, signer, _consent(NODE, key)));
        _refuse(NODE, call, _badConsent(signer, 0));
        call = abi.encodeCall(INodeStaking.proposeSigner, (NODE, signer, _consent(node, OTHER_KEY)));
        _refuse(NODE, call, _badConsent(signer, 0));

        call = abi.encodeCall(INodeStaking.proposeSigner, (NODE, signer, _consent(NODE, OTHER_KEY)));
        _accept(NODE, address(STAKING), call);
        VM.prank(NODE);
        STAKING.revokeSigner(NODE);
        _refuse(NODE, call, _badConsent(signer, 1));
    }

    /// @dev Anybody brings a proposed signer in, but not a second before its time [T039].
    function testFuzz_activateSigner_waitsForItsTime(address caller, uint256 early, uint256 period) external {
        period = bound(period, 2, 7 days);
        StakingParameters memory numbers = STAKING.parameters();
        numbers.signerRotationPeriod = uint32(period);
        STAKING.setParameters(numbers);
        bytes memory call = abi.encodeCall(INodeStaking.activateSigner, (NODE));
        _refuse(caller, call, _notDue(0));
        _propose(OTHER_KEY);
        uint256 dueAt = NOW + period;
        VM.warp(bound(early, NOW, dueAt - 1));
        _refuse(caller, call, _notDue(dueAt));
        VM.warp(dueAt - 1);
        _refuse(caller, call, _notDue(dueAt));

        VM.warp(dueAt);
        _accept(caller, address(STAKING), call);
        (address signer, , ) = STAKING.signerOf(NODE);
        require(signer == VM.addr(OTHER_KEY), "signer");
        _refuse(caller, call, _notDue(0));
    }

    /// @dev Nothing goes to a node that does not exist.
    function testFuzz_unknownNodes_takeNothing(address node, uint256 amount) external {
        VM.assume(node != NODE);
        bytes memory refusal = abi.encodeWithSelector(INodeStaking.StakingUnknownNode.selector, node);
        _refuse(DELEGATOR, abi.encodeCall(INodeStaking.stake, (node, amount)), refusal);
        _refuse(DELEGATOR, abi.encodeCall(INodeStaking.delegate, (node, amount, 0)), refusal);
        _refuse(DELEGATOR, abi.encodeCall(INodeStaking.reward, (node, amount)), refusal);
    }

    /// @dev No more thaws than is bonded, and nothing is no amount.
    function testFuzz_thaw_takesNoMoreThanIsBonded(
        address giver,
        uint256 added,
        uint256 excess,
        uint256 part
    ) external {
        VM.assume(giver != address(0) && giver != address(STAKING));
        added = bound(added, 1, 1e24);
        TOKEN.transfer(giver, added);
        VM.prank(giver);
        TOKEN.approve(address(STAKING), added);
        bytes memory nothing = abi.encodeWithSelector(INodeStaking.StakingAmountTooSmall.selector, 0, 1);
        _refuse(giver, abi.encodeCall(INodeStaking.stake, (NODE, 0)), nothing);
        _accept(giver, address(STAKING), abi.encodeCall(INodeStaking.stake, (NODE, added)));

        uint256 bonded = OWN_STAKE + added;
        _refuse(NODE, abi.encodeCall(INodeStaking.thaw, (NODE, 0)), nothing);
        uint256[2] memory bad = [bonded + 1, bound(excess, bonded + 1, type(uint256).max)];
        for (uint256 i; i < bad.length; ++i) {
            _refuse(NODE, abi.encodeCall(INodeStaking.thaw, (NODE, bad[i])), _insufficient(bad[i], bonded));
        }
        part = part % 4 == 0 ? bonded : bound(part, 1, bonded);
        VM.prank(NODE);
        STAKING.thaw(NODE, part);
        (uint256 left, ) = STAKING.ownStakeOf(NODE);
        require(left == bonded - part, "left");
    }

    /// @dev A delegation is no less than the least, and no more than that comes back; for no less than was asked.
    function testFuzz_delegations_areNotExceeded(
        uint256 little,
        uint256 amount,
        uint256 excess,
        uint256 slip
    ) external {
        uint256[2] memory small = [LEAST_DELEGATION - 1, bound(little, 0, LEAST_DELEGATION - 1)];
        for (uint256 i; i < small.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(
                INodeStaking.StakingAmountTooSmall.selector,
                small[i],
                LEAST_DELEGATION
            );
            _refuse(DELEGATOR, abi.encodeCall(INodeStaking.delegate, (NODE, small[i], 0)), refusal);
        }
        amount = amount % 4 == 0 ? LEAST_DELEGATION : bound(amount, LEAST_DELEGATION, 3 * OWN_STAKE);
        VM.prank(DELEGATOR);
        uint256 held = STAKING.delegate(NODE, amount, 0);

        uint256[2] memory many = [held + 1, bound(excess, held + 1, type(uint256).max)];
        for (uint256 i; i < many.length; ++i) {
            _refuse(
                DELEGATOR,
                abi.encodeCall(INodeStaking.undelegate, (NODE, many[i], 0)),
                _insufficient(many[i], held)
            );
        }
        (, uint256 worth) = STAKING.delegationOf(NODE, DELEGATOR);
        slip = slip % 4 == 0 ? worth + 1 : bound(slip, worth + 1, type(uint256).max);
        _refuse(
            DELEGATOR,
            abi.encodeCall(INodeStaking.undelegate, (NODE, held, slip)),
            abi.encodeWithSelector(INodeStaking.StakingSlippage.selector, worth, slip)
        );
        _accept(DELEGATOR, address(STAKING), abi.encodeCall(INodeStaking.undelegate, (NODE, held, worth)));
    }

    /// @dev With one number outside its bounds, whichever and by however much, parameters are refused by its name.
    function testFuzz_setParameters_boundsEveryNumber(uint256 which, uint256 any) external {
        which = bound(which, 0, 4);
        uint256 thaw = STAKING.THAW_PERIOD();
        uint256 least = [LEAST_OWN_STAKE, LEAST_DELEGATION, 0, 2, thaw][which];
        uint256 most = [uint256(1e24), 1e21, 4, 7 days, 90 days][which];
        uint256 capacity = [uint256(type(uint96).max), type(uint96).max, 255, type(uint32).max, type(uint32).max][
            which
        ];
        uint256[5] memory given = [any, least, most, most + 1, least > 0 ? least - 1 : 0];
        for (uint256 i; i < given.length; ++i) {
            uint256 value = bound(given[i], 0, capacity);
            StakingParameters memory next = _with(which, value);
            if (value < least || value > most) VM.expectRevert(_outOfBounds(which, value, least, most));
            STAKING.setParameters(next);
        }
    }

    function testFuzz_setParameters_isTheAdminsAlone(address caller, uint256 which, uint256 any) external {
        VM.assume(caller != address(this));
        bytes memory call = abi.encodeCall(INodeStaking.setParameters, (_with(bound(which, 0, 4), any)));
        _refuse(caller, call, abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function testFuzz_constructor_boundsTheThaw(uint48 any) external {
        AccessManager access = new AccessManager(address(this));
        StakingParameters memory numbers = STAKING.parameters();
        numbers.commissionNoticePeriod = 90 days;
        uint48[5] memory given = [any, 0, 1, uint48(MOST_THAW_PERIOD), uint48(MOST_THAW_PERIOD + 1)];
        for (uint256 i; i < given.length; ++i) {
            if (given[i] < 1 || given[i] > MOST_THAW_PERIOD) {
                VM.expectRevert(
                    abi.encodeWithSelector(
                        INodeStaking.StakingParameterOutOfBounds.selector,
                        bytes32("thawPeriod"),
                        given[i],
                        1,
                        MOST_THAW_PERIOD
                    )
                );
            }
            new NodeStaking(address(access), TOKEN, given[i], numbers);
        }
    }

    /// @dev One call of each function that is for the owner of a node.
    function _writes() private view returns (bytes[10] memory) {
        return
            [
                abi.encodeCall(INodeStaking.setMetadataURI, (NODE, "https://node.example")),
                abi.encodeCall(INodeStaking.proposeOwner, (NODE, NEWCOMER)),
                abi.encodeCall(INodeStaking.proposeSigner, (NODE, VM.addr(OTHER_KEY), _consent(NODE, OTHER_KEY))),
                abi.encodeCall(INodeStaking.revokeSigner, (NODE)),
                abi.encodeCall(INodeStaking.proposeCommission, (NODE, 0)),
                abi.encodeCall(INodeStaking.thaw, (NODE, 1)),
                abi.encodeCall(INodeStaking.cancelThaw, (NODE, 0)),
                abi.encodeCall(INodeStaking.withdraw, (NODE, 0)),
                abi.encodeCall(INodeStaking.withdrawEarnings, (NODE)),
                abi.encodeCall(INodeStaking.authorise, (NODE, NEWCOMER, 1))
            ];
    }

    function _propose(uint256 key) private {
        bytes memory consent = _consent(NODE, key);
        VM.prank(NODE);
        STAKING.proposeSigner(NODE, VM.addr(key), consent);
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) private {
        _refuse(caller, address(STAKING), call, refusal);
    }

    /// @dev The parameters of the suite with another number in one place.
    function _with(uint256 which, uint256 value) private view returns (StakingParameters memory numbers) {
        numbers = STAKING.parameters();
        if (which == 0) numbers.leastOwnStake = uint96(value);
        if (which == 1) numbers.leastDelegation = uint96(value);
        if (which == 2) numbers.delegationRatio = uint8(value);
        if (which == 3) numbers.signerRotationPeriod = uint32(value);
        if (which == 4) numbers.commissionNoticePeriod = uint32(value);
    }

    function _registration(
        uint256 ownStake,
        address signer,
        bytes memory consent,
        uint256 commissionBps
    ) private pure returns (bytes memory) {
        return abi.encodeCall(INodeStaking.register, (ownStake, signer, consent, commissionBps, ""));
    }

    function _outOfBounds(
        uint256 which,
        uint256 given,
        uint256 least,
        uint256 most
    ) private pure returns (bytes memory) {
        bytes32 name = [
            bytes32("leastOwnStake"),
            "leastDelegation",
            "delegationRatio",
            "signerRotationPeriod",
            "commissionNoticePeriod"
        ][which];
        return abi.encodeWithSelector(INodeStaking.StakingParameterOutOfBounds.selector, name, given, least, most);
    }

    function _notOwner(address caller, address owner) private pure returns (bytes memory) {
        return abi.encodeWithSelector(INodeStaking.StakingNotNodeOwner.selector, NODE, caller, owner);
    }

    function _notNext(address caller, address next) private pure returns (bytes memory) {
        return abi.encodeWithSelector(INodeStaking.StakingNotNextOwner.selector, NODE, caller, next);
    }

    function _notDue(uint256 effectiveAt) private pure returns (bytes memory) {
        return abi.encodeWithSelector(INodeStaking.StakingSignerNotDue.selector, NODE, effectiveAt);
    }

    function _taken(address signer, address node) private pure returns (bytes memory) {
        return abi.encodeWithSelector(INodeStaking.StakingSignerTaken.selector, signer, node);
    }

    function _badConsent(address signer, uint256 nonce) private pure returns (bytes memory) {
        return abi.encodeWithSelector(INodeStaking.StakingBadConsent.selector, NODE, signer, nonce);
    }

    function _insufficient(uint256 requested, uint256 available) private pure returns (bytes memory) {
        return abi.encodeWithSelector(INodeStaking.StakingInsufficient.selector, NODE, requested, available);
    }
}
