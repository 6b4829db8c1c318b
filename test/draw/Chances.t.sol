// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DrawLib} from "../../contracts/libraries/DrawLib.sol";

/// @title The draw against its theory
/// @notice A node is to be drawn with the chance `seats · weight / total`, on its own. Pearson's chi-square compares what
/// the library does over many draws with that. The seeds are those of jobs of one block, and always the same, so that
/// no run differs from another. Each statistic must also refuse a draw that is not fair: the controls.
contract DrawChancesTest {
    /// @dev Nodes stand in ten classes of equal size.
    uint256 private constant CLASSES = 10;
    uint256 private constant BPS = 10_000;
    /// @dev A factor of 1.5 with a quorum of 2, and with one of 15 in its fourth widening step.
    uint256 private constant THREE_SEATS = 2 * 15_000;
    uint256 private constant SEATS_360 = (15 * 15_000) << 4;

    /// @dev What chi-square exceeds once in 1,000 times, in thousandths, by degrees of freedom.
    /// @custom:source NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4
    uint256 private constant CRITICAL_1 = 10_828;
    uint256 private constant CRITICAL_10 = 29_588;

    /// @dev Draws of classes of nodes: `perTicket` nodes in a row share a ticket, and a node's `weights` say how it is
    /// drawn, `stakes` how it should be. Both are those of its class.
    struct Draws {
        uint256 jobs;
        uint256 perClass;
        uint256 perTicket;
        uint256 seatsBps;
        uint256[CLASSES] weights;
        uint256[CLASSES] stakes;
        uint256 total;
    }

    function test_oneNode_alone_isDrawnAlways() external pure {
        for (uint256 job; job < 1_000; ++job) {
            require(DrawLib.isDrawn(_seed(job), _node(0), 1, 1, THREE_SEATS), "drawn");
        }
    }

    function test_oneNode_amongOthers_isDrawnByItsShare() external pure {
        require(_oneNode(1e18) < CRITICAL_1, "fair");
    }

    function test_oneNode_control_weighsATenthMore() external pure {
        require(_oneNode(1.1e18) > CRITICAL_1, "control");
    }

    function test_tenNodes_areDrawnByTheirStake() external pure {
        require(_statistic(_tenNodes()) < CRITICAL_10, "fair");
    }

    function test_tenNodes_control_oneWeighsAFifthMore() external pure {
        Draws memory biased = _tenNodes();
        biased.weights[9] += biased.weights[9] / 5;
        require(_statistic(biased) > CRITICAL_10, "control");
    }

    function test_tenThousandNodes_areDrawnByTheirStake() external pure {
        require(_statistic(_tenThousandNodes()) < CRITICAL_10, "fair");
    }

    function test_tenThousandNodes_control_oneClassWeighsAHalfMore() external pure {
        Draws memory biased = _tenThousandNodes();
        biased.weights[9] += biased.weights[9] / 2;
        require(_statistic(biased) > CRITICAL_10, "control");
    }

    /// @dev Every node has the right chance here, but not on its own: classes vary more than they should.
    function test_tenThousandNodes_control_tenShareATicket() external pure {
        Draws memory biased = _tenThousandNodes();
        biased.perTicket = 10;
        require(_statistic(biased) > CRITICAL_10, "control");
    }

    /// @dev The statistic of one node that should have a tenth of all weight, and is drawn by `weight` of ten.
    function _oneNode(uint256 weight) private pure returns (uint256) {
        uint256 drawn;
        for (uint256 job; job < 5_000; ++job) {
            if (DrawLib.isDrawn(_seed(job), _node(0), weight, 10e18, THREE_SEATS)) ++drawn;
        }
        return _deviation(drawn, 5_000, THREE_SEATS, 10 * BPS);
    }

    /// @dev How far the seats of all classes are from what their stakes should give them.
    function _statistic(Draws memory draws) private pure returns (uint256 statistic) {
        uint256[CLASSES] memory seats;
        for (uint256 job; job < draws.jobs; ++job) _seat(seats, job, draws);
        for (uint256 class; class < CLASSES; ++class) {
            uint256 trials = draws.perClass * draws.jobs;
            statistic += _deviation(seats[class], trials, draws.stakes[class] * draws.seatsBps, draws.total * BPS);
        }
    }

    function _seat(uint256[CLASSES] memory seats, uint256 job, Draws memory draws) private pure {
        uint128 seed = _seed(job);
        for (uint256 i; i < draws.perClass * CLASSES; ++i) {
            uint256 class = i / draws.perClass;
            address ticket = _node(i / draws.perTicket);
            if (DrawLib.isDrawn(seed, ticket, draws.weights[class], draws.total, draws.seatsBps)) ++seats[class];
        }
    }

    /// @dev `(observed - n p)² / (n p (1 - p))` in thousandths, with `p = part / whole`. Under the theory this is the
    /// square of a standard normal, and a sum of k of them is chi-square with k degrees of freedom.
    /// @custom:rounds Down, by less than a thousandth.
    function _deviation(uint256 observed, uint256 trials, uint256 part, uint256 whole) private pure returns (uint256) {
        (uint256 seen, uint256 expected) = (observed * whole, trials * part);
        uint256 distance = seen > expected ? seen - expected : expected - seen;
        return (1_000 * distance ** 2) / (expected * (whole - part));
    }

    function _tenNodes() private pure returns (Draws memory) {
        return _fair(1_000, 1, THREE_SEATS);
    }

    function _tenThousandNodes() private pure returns (Draws memory) {
        return _fair(2, 1_000, SEATS_360);
    }

    /// @dev Nodes of 1 to 10 OPG, `perClass` of each.
    function _fair(uint256 jobs, uint256 perClass, uint256 seatsBps) private pure returns (Draws memory draws) {
        draws.jobs = jobs;
        draws.perClass = perClass;
        draws.perTicket = 1;
        draws.seatsBps = seatsBps;
        for (uint256 class; class < CLASSES; ++class) {
            uint256 stake = (class + 1) * 1e18;
            draws.stakes[class] = stake;
            draws.weights[class] = stake;
            draws.total += perClass * stake;
        }
    }

    /// @dev One seed for each job of a block.
    function _seed(uint256 job) private pure returns (uint128) {
        return DrawLib.seed(keccak256("block"), bytes32(job), 1);
    }

    function _node(uint256 i) private pure returns (address) {
        return address(uint160(0xA11CE + i));
    }
}
