// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {AuditRoster} from "../../contracts/AuditRoster.sol";
import {DisputeGame} from "../../contracts/DisputeGame.sol";
import {InferenceMarketplace} from "../../contracts/InferenceMarketplace.sol";
import {Mandates} from "../../contracts/Mandates.sol";
import {InferenceSessions} from "../../contracts/InferenceSessions.sol";
import {ModelRegistry} from "../../contracts/ModelRegistry.sol";
import {NodeStaking} from "../../contracts/NodeStaking.sol";
import {OPGToken} from "../../contracts/OPGToken.sol";
import {OptimisticMarketplace} from "../../contracts/OptimisticMarketplace.sol";
import {OptimisticPolicy} from "../../contracts/OptimisticPolicy.sol";
import {ReceiptBook} from "../../contracts/ReceiptBook.sol";
import {RefereedPolicy} from "../../contracts/RefereedPolicy.sol";
import {ReplicationPolicy} from "../../contracts/ReplicationPolicy.sol";
import {ResultCommitments} from "../../contracts/ResultCommitments.sol";
import {InferenceLens} from "../../contracts/lens/InferenceLens.sol";
import {OptimisticLens} from "../../contracts/lens/OptimisticLens.sol";
import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {DisputeRules} from "../../contracts/types/DisputeTypes.sol";
import {Rules} from "../../contracts/types/JobTypes.sol";
import {PayloadBounds} from "../../contracts/types/MarketTypes.sol";
import {OptimisticNumbers} from "../../contracts/types/OptimisticTypes.sol";
import {SessionNumbers} from "../../contracts/types/SessionTypes.sol";
import {StakingParameters} from "../../contracts/types/StakingTypes.sol";

/// @dev Those of `local.json5`.
function optimisticNumbers() pure returns (OptimisticNumbers memory) {
    return OptimisticNumbers(250, 3_000, 30, 5, 5_000, 5_000, 1, 60, 100, 1_250, 10, 4, 3, 10);
}

/// @dev Those of `local.json5`.
function sessionNumbers() pure returns (SessionNumbers memory) {
    return SessionNumbers(250, 3_000, 5_000, 10_000, 50, 1, 10, 40, 3_600);
}

/// @title The whole suite, wired as the Ignition modules wire it, with the numbers of `local.json5`
/// @dev The creator holds the supply and is the admin.
contract Suite {
    AccessManager public immutable ACCESS;
    OPGToken public immutable TOKEN;
    Mandates public immutable MANDATES;
    ModelRegistry public immutable REGISTRY;
    NodeStaking public immutable STAKING;
    ResultCommitments public immutable COMMITMENTS;
    ReplicationPolicy public immutable POLICY;
    RefereedPolicy public immutable REFEREED_POLICY;
    DisputeGame public immutable DISPUTES;
    InferenceMarketplace public immutable MARKET;
    AuditRoster public immutable ROSTER;
    OptimisticPolicy public immutable OPTIMISTIC_POLICY;
    OptimisticMarketplace public immutable OPTIMISTIC;
    ReceiptBook public immutable RECEIPTS;
    InferenceSessions public immutable SESSIONS;
    OptimisticLens public immutable LENS;
    InferenceLens public immutable INFERENCE_LENS;

    constructor(address holder, address treasury) {
        ACCESS = new AccessManager(holder);
        TOKEN = new OPGToken(holder);
        MANDATES = new Mandates();
        REGISTRY = new ModelRegistry(address(ACCESS), 0);
        STAKING = new NodeStaking(
            address(ACCESS),
            TOKEN,
            300,
            StakingParameters({
                leastOwnStake: 1e18,
                leastDelegation: 1e16,
                delegationRatio: 3,
                signerRotationPeriod: 2,
                commissionNoticePeriod: 300
            })
        );
        COMMITMENTS = new ResultCommitments();
        POLICY = new ReplicationPolicy(COMMITMENTS, 20, 2, 5);
        DISPUTES = new DisputeGame(
            address(ACCESS),
            STAKING,
            COMMITMENTS,
            5,
            80,
            30,
            DisputeRules(10, 1, 20, 10, 10, 20, 10, 15_000, 6_000, 1e6, 30_000),
            new IReferee[](0)
        );
        REFEREED_POLICY = new RefereedPolicy(POLICY, DISPUTES, 100);
        MARKET = new InferenceMarketplace(
            address(ACCESS),
            REGISTRY,
            POLICY,
            REFEREED_POLICY,
            2,
            PayloadBounds({mostInputBytes: 8_192, mostOutputBytes: 2_048}),
            _rules(),
            20,
            MANDATES,
            treasury
        );
        ROSTER = new AuditRoster(STAKING);
        OPTIMISTIC_POLICY = new OptimisticPolicy(DISPUTES, ROSTER, 2, 20);
        OPTIMISTIC = new OptimisticMarketplace(
            address(ACCESS),
            REGISTRY,
            OPTIMISTIC_POLICY,
            PayloadBounds({mostInputBytes: 8_192, mostOutputBytes: 2_048}),
            optimisticNumbers(),
            20,
            MANDATES,
            treasury
        );
        RECEIPTS = new ReceiptBook(STAKING, COMMITMENTS);
        SESSIONS = new InferenceSessions(
            address(ACCESS),
            REGISTRY,
            DISPUTES,
            RECEIPTS,
            sessionNumbers(),
            20,
            MANDATES,
            treasury
        );
        LENS = new OptimisticLens(OPTIMISTIC);
        INFERENCE_LENS = new InferenceLens(MARKET);
    }

    function _rules() private pure returns (Rules memory) {
        return
            Rules({
                feeBps: 250,
                seatFactorBps: 15_000,
                absenceBps: 1_250,
                noResultFeeBps: 5_000,
                errorFeeBps: 2_000,
                royaltyCapBps: 3_000,
                drawnValueCap: 1_000_000,
                maxSealPeriod: 10,
                widenSteps: 4,
                appealWidenSteps: 1,
                appealSize: 3,
                activationPeriod: 2,
                revealPeriod: 10,
                appealSealPeriod: 5,
                appealRevealPeriod: 10
            });
    }
}
