// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInferenceMarketplace} from "../interfaces/IInferenceMarketplace.sol";
import {IMarketJobs} from "../interfaces/IMarketJobs.sol";
import {IOptimisticMarketplace} from "../interfaces/IOptimisticMarketplace.sol";
import {IOrderPlacing} from "../interfaces/IOrderPlacing.sol";
import {EncodedOrderLib} from "../libraries/EncodedOrderLib.sol";
import {JobLib} from "../libraries/JobLib.sol";
import {OptimisticJobLib} from "../libraries/OptimisticJobLib.sol";
import {InferenceInput} from "../types/ConsumerTypes.sol";
import {AccountAmount, Job, JobId, JobShape} from "../types/JobTypes.sol";
import {OptimisticJob, OptimisticShape} from "../types/OptimisticTypes.sol";

/// @title Places orders that are given as bytes, out of the balances of those who order
/// @dev Holds no money: it is a spender that who orders has allowed in Mandates.
/// @custom:source docs/adr/0038-a-schedule-spends-its-owners-balance.md
abstract contract OrderPlacing is IOrderPlacing {
    using EncodedOrderLib for bytes;
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using OptimisticJobLib for OptimisticShape;

    /// @inheritdoc IOrderPlacing
    IInferenceMarketplace public immutable MARKET;
    /// @inheritdoc IOrderPlacing
    IOptimisticMarketplace public immutable OPTIMISTIC;

    constructor(IInferenceMarketplace market, IOptimisticMarketplace optimistic) {
        MARKET = market;
        OPTIMISTIC = optimistic;
    }

    /// @dev Places an order with this input and nonce in the market that it is for.
    /// @param owner Who pays: the order's requester, as was checked before.
    /// @param nonce Below 2^40.
    /// @return market Where it was placed.
    /// @return jobId What was ordered.
    /// @return callback Who gets the job's result.
    /// @return cost OPG that it took: what the balance shows, as royalty and fee are the market's to reckon.
    function _place(
        address owner,
        bytes calldata order,
        InferenceInput memory input,
        uint256 nonce
    ) internal returns (IMarketJobs market, JobId jobId, address callback, uint256 cost) {
        bool isForSeveral = order.isForSeveral();
        market = isForSeveral ? IMarketJobs(MARKET) : IMarketJobs(OPTIMISTIC);
        (cost, ) = market.accountOf(owner);
        if (isForSeveral) {
            Job memory job = abi.decode(order, (Job));
            job.shape = job.shape.renewed(nonce);
            job.inputRoot = input.root;
            jobId = MARKET.request(job, input.carried);
            callback = job.callback.account();
        } else {
            OptimisticJob memory offer = abi.decode(order, (OptimisticJob));
            offer.shape = offer.shape.renewed(nonce);
            offer.inputRoot = input.root;
            jobId = OPTIMISTIC.request(offer, input.carried);
            callback = offer.callback.account();
        }
        (uint256 rest, ) = market.accountOf(owner);
        cost -= rest;
    }

    /// @dev Pays whoever has placed the order, beside its cost and out of the same balance.
    /// @param reward OPG; nothing is a payment that nobody has to see.
    function _reward(IMarketJobs market, address owner, uint256 reward) internal {
        if (reward > 0) market.spend(owner, msg.sender, reward);
    }
}
