// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InferenceConsumer} from "../../contracts/consumer/InferenceConsumer.sol";
import {IInferenceMarketplace} from "../../contracts/interfaces/IInferenceMarketplace.sol";
import {IMandates} from "../../contracts/interfaces/IMandates.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {TermsLib} from "../../contracts/libraries/TermsLib.sol";
import {Inference, OptimisticTerms, ReplicatedTerms, ResultStatus} from "../../contracts/types/ConsumerTypes.sol";
import {JobId} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {OptimisticJob} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @dev Orders out of the balance of an account that it was made with; zero: out of its own.
contract Sponsored is InferenceConsumer {
    address private immutable SPONSOR;

    constructor(
        IInferenceMarketplace market,
        IOptimisticMarketplace optimistic,
        address sponsor
    ) InferenceConsumer(market, optimistic) {
        SPONSOR = sponsor == address(0) ? address(this) : sponsor;
    }

    function order(OptimisticTerms memory terms) external returns (JobId) {
        return _requestInference(terms, TermsLib.fetchedFrom("ipfs://input", "input"));
    }

    function order(ReplicatedTerms memory terms) external returns (JobId) {
        return _requestInference(terms, TermsLib.fetchedFrom("ipfs://input", "input"));
    }

    function withdrawTo(address account) external returns (uint256) {
        return _withdrawTo(account);
    }

    function _onInference(Inference memory) internal override {}

    function _payer() internal view override returns (address) {
        return SPONSOR;
    }
}

/// @title Who pays for the orders of contracts, and who gets back what is left, on the real markets
contract PayersTest is Offering {
    uint256 private constant ESCROW = PRICE + PRICE / 40 + ROYALTY;

    Sponsored private _one;
    Sponsored private _other;
    OptimisticTerms private _terms;

    function setUp() external {
        _setUp();
        _one = new Sponsored(MARKET, OPTIMISTIC, REQUESTER);
        _other = new Sponsored(IInferenceMarketplace(address(0)), OPTIMISTIC, REQUESTER);
        _terms.versionId = _version;
        _terms.node = _nodes[0];
        (_terms.price, _terms.maxRoyalty) = (uint96(PRICE), uint96(ROYALTY));
        (_terms.answerPeriod, _terms.windowPeriod) = (20, 40);
        (_terms.callbackGas, _terms.acceptUntil) = (200_000, uint48(NOW + 10 days));
    }

    /// @dev One balance serves both, each within a cap of its own. [T159]
    function test_order_isPaidByAnAccountThatAllowsIt() external {
        uint256 balance = _balanceOf(REQUESTER);
        _refuseOrder(_one, 0);
        _allow(_one, 2 * ESCROW - 1);
        _allow(_other, ESCROW);
        _one.order(_terms);
        _other.order(_terms);
        require(_balanceOf(REQUESTER) == balance - 2 * ESCROW, "not out of the one balance");
        require(_balanceOf(address(_one)) == 0 && _balanceOf(address(_other)) == 0, "balances of their own");
        _refuseOrder(_one, ESCROW - 1);
        _refuseOrder(_other, 0);
    }

    /// @dev In the market of several nodes as well.
    function test_order_ofSeveralNodesIsPaidByThatAccount() external {
        VM.prank(PUBLISHER);
        VersionId plain = REGISTRY.release(_model, _identity("plain"), _details(3, 0));
        ReplicatedTerms memory terms;
        (terms.versionId, terms.seatPrice, terms.maxRoyalty) = (plain, 1e18, uint96(ROYALTY));
        (terms.quorum, terms.collateralFactor, terms.sealPeriod) = (2, 8, 5);
        (terms.callbackGas, terms.acceptUntil) = (100_000, uint48(NOW + 1 days));
        IMandates mandates = MARKET.MANDATES();
        VM.prank(REQUESTER);
        mandates.allow(address(MARKET), address(_one), type(uint256).max);
        _endow(REQUESTER);
        VM.prank(REQUESTER);
        MARKET.deposit(REQUESTER, FORTUNE);
        JobId id = _one.order(terms);
        (uint256 rest, ) = MARKET.accountOf(REQUESTER);
        require(rest == FORTUNE - 9e18 - 9e18 / 40 - ROYALTY, "not out of its balance");
        require(_one.statusOf(id) == ResultStatus.Waiting, "not waiting");
    }

    /// @dev The contract gets the result, the account what is left.
    function test_order_bringsTheResultToTheContractAndTheRestToTheAccount() external {
        _allow(_one, ESCROW);
        uint256 balance = _balanceOf(REQUESTER);
        OptimisticJob memory job = _jobOf(_one.order(_terms));
        VM.warp(block.timestamp + 20);
        OPTIMISTIC.expire(job);
        require(_balanceOf(REQUESTER) == balance, "refund");

        _allow(_one, ESCROW);
        JobId id = _one.order(_terms);
        job = _jobOf(id);
        _answer(job, _nodes[0], _root);
        VM.warp(block.timestamp + 40);
        OPTIMISTIC.settle(job, _nodes[0], _root);
        require(OPTIMISTIC.deliver(job, _nodes[0], PayloadError.None, _payload), "not taken");
        require(_one.statusOf(id) == ResultStatus.Final, "not final");
    }

    /// @dev What a contract has in both markets leaves them in one call, and an empty balance is no fault.
    function testFuzz_withdrawTo_paysAllOfBothBalances(uint96 first, uint96 second, bool sponsored) external {
        Sponsored consumer = new Sponsored(MARKET, OPTIMISTIC, sponsored ? REQUESTER : address(0));
        _endow(address(this));
        TOKEN.approve(address(MARKET), FORTUNE);
        TOKEN.approve(address(OPTIMISTIC), FORTUNE);
        (uint256 one, uint256 other) = ((first % FORTUNE) / 2, (second % FORTUNE) / 2);
        MARKET.deposit(address(consumer), one);
        OPTIMISTIC.deposit(address(consumer), other);
        uint256 before = TOKEN.balanceOf(WATCHER);
        require(consumer.withdrawTo(WATCHER) == one + other, "amount");
        require(TOKEN.balanceOf(WATCHER) == before + one + other, "payment");
        require(consumer.withdrawTo(WATCHER) == 0, "paid twice");
    }

    /// @dev A contract that orders in one market alone has a balance there alone.
    function test_withdrawTo_leavesOutAMarketThatIsNotThere() external {
        _endow(address(this));
        TOKEN.approve(address(OPTIMISTIC), 1e18);
        OPTIMISTIC.deposit(address(_other), 1e18);
        require(_other.withdrawTo(WATCHER) == 1e18, "amount");
    }

    function _allow(Sponsored consumer, uint256 cap) private {
        IMandates mandates = OPTIMISTIC.MANDATES();
        VM.prank(REQUESTER);
        mandates.allow(address(OPTIMISTIC), address(consumer), cap);
    }

    function _refuseOrder(Sponsored consumer, uint256 cap) private {
        address market = address(OPTIMISTIC);
        bytes4 selector = IMandates.MandateCapTooLow.selector;
        VM.expectRevert(abi.encodeWithSelector(selector, market, REQUESTER, address(consumer), cap, ESCROW));
        consumer.order(_terms);
    }

    /// @dev What the first contract's latest order has become in this second: only its nonce is looked for.
    function _jobOf(JobId id) private view returns (OptimisticJob memory job) {
        for (uint40 nonce; nonce < 3; ++nonce) {
            job = _becomes(TermsLib.packed(_terms, "input", REQUESTER, address(_one), nonce), "input");
            if (JobId.unwrap(_idOf(job)) == JobId.unwrap(id)) return job;
        }
        revert("no such job");
    }
}
