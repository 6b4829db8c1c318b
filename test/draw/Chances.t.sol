// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DrawLib} from "../../contracts/libraries/DrawLib.sol";

/// @title The draw against its theory
/// @notice A node is to be drawn with the chance `seats · weight / total`, on its own. Pearson's chi-square compares what
/// the library does over many draws with that. The seeds are those of jobs of one block, and always the same, so that
/// no run differs from another. Each statistic must also refuse a draw that is not fair: the controls.
contract DrawChancesTest {
    /// @dev Ten sizes of stake; node i has stake `i % 10`.
    uint256 private constant CLASSES = 10;
    uint256 private constant BPS = 10_000;
    /// @dev A quorum of 2 and a factor of 1.5; a quorum of 3 in its fourth widening step.
    uint256 private constant THREE_SEATS = 2 * 15_000;
    uint256 private constant SEVENTY_TWO_SEATS = (3 * 15_000) << 4;

    /// @dev What chi-square exceeds once in 1,000 times, in thousandths, by degrees of freedom.
    /// @custom:source NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4
    uint256 private constant CRITICAL_1 = 10_828;
    uint256 private constant CRITICAL_10 = 29_588;
    uint256 private constant CRITICAL_30 = 59_703;

    /// @dev How nodes are drawn: `perClass` nodes of each stake, `perTicket` of which share a ticket.
    struct Draw {
        uint256 perClass;
        uint256 perTicket;
        uint256 seatsBps;
        uint256[CLASSES] weights;
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

    function test_tenNodes_areDrawnByTheirStake() external view {
        require(_classes(_fair(1), 5_000) < CRITICAL_10, "fair");
    }

    function test_tenNodes_control_oneWeighsATenthMore() external view {
        Draw memory biased = _fair(1);
        biased.weights[9] += biased.weights[9] / 10;
        require(_classes(biased, 5_000) > CRITICAL_10, "control");
    }

    function test_tenThousandNodes_areDrawnByTheirStake() external view {
        require(_classes(_fair(1_000), 30) < CRITICAL_10, "fair");
    }

    function test_tenThousandNodes_control_oneClassWeighsAThirdMore() external view {
        Draw memory biased = _fair(1_000);
        biased.weights[9] += biased.weights[9] / 3;
        require(_classes(biased, 30) > CRITICAL_10, "control");
    }

    /// @dev How many sit varies from draw to draw as it does where every node is drawn on its own.
    function test_tenThousandNodes_areDrawnOnTheirOwn() external view {
        require(_draws(_equal()) < CRITICAL_30, "fair");
    }

    /// @dev Every node has the right chance here, but not on its own.
    function test_tenThousandNodes_control_tenShareATicket() external view {
        Draw memory biased = _equal();
        biased.perTicket = 10;
        require(_draws(biased) > CRITICAL_30, "control");
    }

    /// @dev How many of each class are drawn for a job. External, so that its memory is gone when it returns.
    function seatsOf(uint256 job, Draw calldata draw) external pure returns (uint256[CLASSES] memory seats) {
        uint128 seed = _seed(job);
        for (uint256 i; i < draw.perClass * CLASSES; ++i) {
            uint256 class = i % CLASSES;
            address ticket = _node(i / draw.perTicket);
            if (DrawLib.isDrawn(seed, ticket, draw.weights[class], draw.total, draw.seatsBps)) ++seats[class];
        }
    }

    /// @dev The statistic of one node that should have a tenth of all weight, and is drawn by `weight` of ten.
    function _oneNode(uint256 weight) private pure returns (uint256) {
        uint256 drawn;
        for (uint256 job; job < 5_000; ++job) {
            if (DrawLib.isDrawn(_seed(job), _node(0), weight, 10e18, THREE_SEATS)) ++drawn;
        }
        return _deviation(drawn, 5_000, THREE_SEATS, 10 * BPS);
    }

    /// @dev The statistic of ten classes of nodes against what their stakes should give them.
    function _classes(Draw memory draw, uint256 jobs) private view returns (uint256 statistic) {
        uint256[CLASSES] memory drawn;
        for (uint256 job; job < jobs; ++job) {
            uint256[CLASSES] memory seats = this.seatsOf(job, draw);
            for (uint256 class; class < CLASSES; ++class) drawn[class] += seats[class];
        }
        for (uint256 class; class < CLASSES; ++class) {
            uint256 trials = draw.perClass * jobs;
            statistic += _deviation(drawn[class], trials, _stake(class) * draw.seatsBps, draw.total * BPS);
        }
    }

    /// @dev The statistic of how many of 10,000 equal nodes sit in each of 30 draws.
    function _draws(Draw memory draw) private view returns (uint256 statistic) {
        for (uint256 job; job < 30; ++job) {
            uint256[CLASSES] memory seats = this.seatsOf(job, draw);
            uint256 drawn;
            for (uint256 class; class < CLASSES; ++class) drawn += seats[class];
            statistic += _deviation(drawn, 10_000, draw.seatsBps, 10_000 * BPS);
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

    /// @dev Nodes of 1 to 10 OPG, `perClass` of each: three seats among ten nodes, 72 among more.
    function _fair(uint256 perClass) private pure returns (Draw memory draw) {
        draw.perClass = perClass;
        draw.perTicket = 1;
        draw.seatsBps = perClass == 1 ? THREE_SEATS : SEVENTY_TWO_SEATS;
        for (uint256 class; class < CLASSES; ++class) {
            draw.weights[class] = _stake(class);
            draw.total += perClass * _stake(class);
        }
    }

    /// @dev 10,000 nodes of 1 OPG.
    function _equal() private pure returns (Draw memory draw) {
        draw = _fair(1_000);
        for (uint256 class; class < CLASSES; ++class) draw.weights[class] = 1e18;
        draw.total = 10_000e18;
    }

    function _stake(uint256 class) private pure returns (uint256) {
        return (class + 1) * 1e18;
    }

    function _seed(uint256 job) private pure returns (uint128) {
        return DrawLib.seed(keccak256("block"), bytes32(job), 1);
    }

    function _node(uint256 i) private pure returns (address) {
        return address(uint160(0xA11CE + i));
    }
}
