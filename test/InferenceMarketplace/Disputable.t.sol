// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {IJobPolicy} from "../../contracts/interfaces/IJobPolicy.sol";
import {IRefereedPolicy} from "../../contracts/interfaces/IRefereedPolicy.sol";
import {IVerdictPolicy} from "../../contracts/interfaces/IVerdictPolicy.sol";
import {EntryLib} from "../../contracts/libraries/EntryLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {SignedSeal} from "../../contracts/types/CommitmentTypes.sol";
import {Demand} from "../../contracts/types/DisputeTypes.sol";
import {Job, JobRecord, JobShape, JobState} from "../../contracts/types/JobTypes.sol";
import {VersionId, VersionIdentity} from "../../contracts/types/ModelTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Refereed} from "../support/Refereed.sol";
import {VM} from "../support/Vm.sol";

/// @title Jobs in which each reveal can be disputed
contract DisputableJobsTest is Refereed {
    using JobRecordLib for JobRecord;

    /// @dev What a node does in a job. The first two reveal nothing.
    enum Deed {
        Absent,
        Silent,
        Right,
        Lie,
        OtherLie,
        Missing,
        Refused
    }

    /// @dev A course of a job, and what must come of it.
    struct Course {
        Deed[3] deeds;
        bool[3] proven;
        uint256 price;
        uint256 collateral;
        uint256 seated;
        uint256 reveals;
        uint256 standing;
        JobState state;
        bytes32 result;
    }

    function setUp() external {
        _setUp();
    }

    /// @dev Whatever nodes answer and whoever is proven wrong, a job ends as the verdicts say, and what came in is paid,
    /// refunded or burned to the last unit [I07 I09 I42].
    function testFuzz_settle_isWhatTheVerdictsLeave(
        uint256[3] memory deeds,
        bool[3] memory proven,
        uint96 price
    ) external {
        Course memory course;
        for (uint256 i; i < 3; ++i) course.deeds[i] = Deed(bound(deeds[i], 0, uint256(type(Deed).max)));
        course.proven = proven;
        course.price = bound(price, 1e18, 20e18);
        course.collateral = course.price * FACTOR;
        _judge(course);

        Job memory job = _play(course);
        address[] memory seats = _seatsOf(course);
        uint256 supply = TOKEN.totalSupply();
        if (course.state == JobState.Unanswered) MARKET.expire(job, seats);
        else MARKET.settle(job, seats);
        require(_recordOf(job).state() == course.state, "state");
        require(_recordOf(job).endedWith(course.result), "result");
        _requireBooks(course);
        require(TOKEN.totalSupply() <= supply, "supply");
    }

    /// @dev A job with reveals is not over before its window is, to the second [I10].
    function testFuzz_settle_waitsForTheWindow(uint256 early, bool both) external {
        Job memory job = _answered(both);
        uint256 end = COMMITMENTS.disputableUntil(_roundOf(job), _nodes[0], "right");
        VM.warp(end - bound(early, 1, WINDOW));
        bytes memory refusal = abi.encodeWithSelector(
            IJobPolicy.PolicyNotFinal.selector,
            _idOf(job),
            JobState.Open,
            JobState.Open
        );
        address[] memory seats = _firstTwo();
        _refuse(address(this), address(MARKET), abi.encodeCall(MARKET.settle, (job, seats)), refusal);
        VM.warp(end);
        MARKET.settle(job, seats);
    }

    /// @dev While a dispute is under way, or others can still enter among the sharers, nothing is divided [T084].
    function testFuzz_settle_waitsForDisputes(uint256 late) external {
        Job memory job = _answered(true);
        uint256 end = COMMITMENTS.disputableUntil(_roundOf(job), _nodes[1], "right");
        VM.warp(end - 15);
        Demand memory demand = _demand(_statementOf(job, 1, "right"));
        VM.warp(end);
        address[] memory seats = _firstTwo();
        bytes memory call = abi.encodeCall(MARKET.settle, (job, seats));
        bytes4 open = IVerdictPolicy.PolicyStillDisputable.selector;
        _refuse(address(this), address(MARKET), call, abi.encodeWithSelector(open, _idOf(job), _nodes[1]));
        DISPUTES.reclaim(demand);
        VM.warp(end + bound(late, 0, 4));
        bytes4 entering = IDisputeGame.DisputeSharersNotFinal.selector;
        _refuse(address(this), address(MARKET), call, abi.encodeWithSelector(entering, demand.statementId, end + 5));
        VM.warp(end + 5);
        MARKET.settle(job, seats);
        require(_recordOf(job).state() == JobState.Decided, "state");
    }

    /// @dev Seats are those who sealed: as many, and these [I36].
    function testFuzz_settle_wantsAllWhoSealed(uint256 count) external {
        Job memory job = _answered(true);
        VM.warp(block.timestamp + 200);
        count = bound(count, 0, 3);
        if (count == 2) return MARKET.settle(job, _firstTwo());
        address[] memory seats = new address[](count);
        for (uint256 i; i < count; ++i) seats[i] = _nodes[i];
        bytes memory refusal = abi.encodeWithSelector(IJobPolicy.PolicyWrongSeats.selector, _idOf(job), count, 2);
        _refuse(address(this), address(MARKET), abi.encodeCall(MARKET.settle, (job, seats)), refusal);
    }

    /// @dev Seals that come together are not packed: each statement that follows can be disputed by itself [T177].
    function testFuzz_commitSigned_packsNothing(address caller, uint256 count) external {
        Job memory job = _open(1e18);
        SignedSeal[] memory seals = new SignedSeal[](bound(count, 2, 3));
        for (uint256 i; i < seals.length; ++i) seals[i] = _signed(job, i, "right", 1 + i);
        _accept(caller, address(MARKET), abi.encodeCall(MARKET.commitSigned, (job, seals)));
        for (uint256 i; i < seals.length; ++i) {
            bytes32 entry = COMMITMENTS.entryOf(_roundOf(job), _nodes[i]);
            require(entry == EntryLib.ofSeal(seals[i].commitment), "entry");
        }
    }

    /// @dev Nothing follows a first draw that a referee judges.
    function testFuzz_advance_leadsNowhere(uint256 time) external {
        Job memory job = _answered(true);
        VM.warp(block.timestamp + bound(time, 0, 1 days));
        bytes memory refusal = abi.encodeWithSelector(
            IJobPolicy.MarketNotDue.selector,
            _idOf(job),
            JobState.Open,
            JobState.Open
        );
        bytes memory call = abi.encodeCall(MARKET.advance, (job, _firstTwo()));
        _refuse(address(this), address(MARKET), call, refusal);
    }

    /// @dev An order has a window within its bounds, no audit and enough collateral, or is refused by the field's name; and
    /// without a referee it has none.
    function testFuzz_request_boundsTheWindow(uint24 window, uint16 auditBps, uint16 factor, uint96 price) external {
        price = uint96(bound(price, 1e17, 20e18));
        uint256 least = 2 + (4 * DISPUTES.bond() + price - 1) / price;
        uint256[3] memory given = [uint256(auditBps) % 4, window % 200, bound(factor, least - 1, least + 1)];
        (bytes32 field, uint256 value, uint256 from, uint256 to) = ("", 0, 0, 0);
        if (given[2] < least) (field, value, from, to) = ("collateralFactor", given[2], least, type(uint16).max);
        if (given[1] < 30 || given[1] > 100) (field, value, from, to) = ("windowPeriod", given[1], 30, 100);
        if (given[0] > 0) (field, value, from, to) = ("auditBps", given[0], 0, 0);
        Job memory order = _order(price);
        order.shape = JobShape.wrap(
            bytes32(2 | (given[0] << 8) | (given[2] << 24) | (SEAL_PERIOD << 40) | (given[1] << 136))
        );
        bytes memory call = abi.encodeCall(MARKET.request, (order, "ipfs://input"));
        if (field == 0) return _accept(REQUESTER, address(MARKET), call);
        bytes4 selector = OrderLib.MarketTermOutOfBounds.selector;
        _refuse(REQUESTER, address(MARKET), call, abi.encodeWithSelector(selector, field, value, from, to));
    }

    /// @dev Nobody can order what nobody could dispute.
    function testFuzz_request_wantsAnAdmittedVersion(bytes32 graphRoot) external {
        VM.assume(graphRoot != 0 && graphRoot != keccak256(_header()));
        VersionIdentity memory identity = _judgedIdentity();
        identity.graphRoot = graphRoot;
        VM.prank(PUBLISHER);
        VersionId version = REGISTRY.release(_model, identity, _details(3, 0));
        Job memory order = _order(1e18);
        order.versionId = version;
        bytes memory refusal = abi.encodeWithSelector(IRefereedPolicy.PolicyVersionNotAdmitted.selector, version);
        _refuse(REQUESTER, address(MARKET), abi.encodeCall(MARKET.request, (order, "ipfs://input")), refusal);
    }

    /// @dev What must come of a course, by words of the documentation.
    function _judge(Course memory course) private view {
        bytes32 output;
        bool split;
        uint256[7] memory count;
        for (uint256 i; i < 3; ++i) {
            Deed deed = course.deeds[i];
            ++count[uint256(deed)];
            if (deed == Deed.Absent) continue;
            ++course.seated;
            if (deed == Deed.Silent) continue;
            ++course.reveals;
            if (_isLie(course, i)) continue;
            ++course.standing;
            bytes32 root = _rootOf(deed);
            if (_isFault(deed)) continue;
            if (output != 0 && output != root) split = true;
            output = root;
        }
        bool oneFault =
            count[uint256(Deed.Missing)] == course.reveals || count[uint256(Deed.Refused)] == course.reveals;
        if (course.seated < 2) course.state = JobState.Unanswered;
        else if (course.reveals < 2) course.state = JobState.Unrevealed;
        else if (oneFault) course.state = JobState.Refused;
        else if (output == 0 || split) course.state = JobState.Undecided;
        else course.state = JobState.Decided;
        if (course.state == JobState.Refused) {
            course.result = _rootOf(count[uint256(Deed.Missing)] > 0 ? Deed.Missing : Deed.Refused);
        }
        if (course.state != JobState.Decided) return;
        course.result = output;
        bool agreed = true;
        for (uint256 i; i < 3; ++i) agreed = agreed && (!_reveals(course.deeds[i]) || _isRight(course, i));
        if (agreed) course.state = JobState.Agreed;
    }

    /// @dev Plays a course to the second in which its job can end.
    function _play(Course memory course) private returns (Job memory job) {
        job = _open(course.price);
        for (uint256 i; i < 3; ++i) {
            if (course.deeds[i] != Deed.Absent) _commit(job, i, _rootOf(course.deeds[i]));
        }
        VM.warp(block.timestamp + (course.seated < 2 ? 5 * SEAL_PERIOD : SEAL_PERIOD));
        for (uint256 i; i < 3; ++i) {
            if (!_reveals(course.deeds[i])) continue;
            COMMITMENTS.reveal(_roundOf(job), _nodes[i], _rootOf(course.deeds[i]), SALT);
        }
        for (uint256 i; i < 3; ++i) {
            if (_isLie(course, i)) _convict(_statementOf(job, i, _rootOf(course.deeds[i])));
        }
        if (course.seated >= 2) VM.warp(block.timestamp + 10 + WINDOW);
    }

    /// @dev Nobody's seat is in use, each has lost and earned what it must, and the market holds what it owes.
    function _requireBooks(Course memory course) private view {
        uint256 owed;
        for (uint256 i; i < 3; ++i) {
            (, uint256 maxLock, uint256 used, uint256 earned, ) = MARKET.servingOf(_nodes[i], _version);
            require(used == 0, "used");
            require(MAX_LOCK - maxLock == _lossOf(course, i), "lost");
            require(earned >= _payOf(course, i) && (earned == 0 || _isPaid(course, i)), "earned");
            owed += earned;
        }
        address[3] memory accounts = [REQUESTER, PUBLISHER, WATCHER];
        for (uint256 i; i < 3; ++i) {
            (uint256 balance, uint256 fees) = MARKET.accountOf(accounts[i]);
            owed += balance + fees;
        }
        require(TOKEN.balanceOf(address(MARKET)) == owed, "conserved");
        (uint256 requester, ) = MARKET.accountOf(REQUESTER);
        bool refunded = course.result == 0;
        require(!refunded || requester >= FORTUNE, "refund");
        require(refunded || requester < FORTUNE + 2 * course.price, "no gain");
    }

    function _lossOf(Course memory course, uint256 i) private view returns (uint256) {
        Deed deed = course.deeds[i];
        uint256 absence = course.collateral / 8;
        if (deed == Deed.Absent || course.state == JobState.Unanswered) return 0;
        if (deed == Deed.Silent) return course.state == JobState.Unrevealed ? course.collateral : absence;
        if (_isLie(course, i)) return course.collateral;
        return _isPaid(course, i) ? 0 : absence;
    }

    function _payOf(Course memory course, uint256 i) private view returns (uint256) {
        if (course.result == 0 || !_isRight(course, i)) return 0;
        return course.state == JobState.Refused ? course.price / 5 : course.price;
    }

    /// @dev Who may have earned something.
    function _isPaid(Course memory course, uint256 i) private view returns (bool) {
        if (course.state == JobState.Unrevealed) return _reveals(course.deeds[i]) && !_isLie(course, i);
        return course.result != 0 && _isRight(course, i);
    }

    function _isRight(Course memory course, uint256 i) private view returns (bool) {
        bool stands = _reveals(course.deeds[i]) && !_isLie(course, i);
        return stands && _rootOf(course.deeds[i]) == course.result;
    }

    function _isLie(Course memory course, uint256 i) private pure returns (bool) {
        bool output = _reveals(course.deeds[i]) && !_isFault(course.deeds[i]);
        return output && course.proven[i];
    }

    function _isFault(Deed deed) private pure returns (bool) {
        return deed == Deed.Missing || deed == Deed.Refused;
    }

    function _reveals(Deed deed) private pure returns (bool) {
        return deed > Deed.Silent;
    }

    function _rootOf(Deed deed) private view returns (bytes32) {
        if (deed == Deed.Missing) return COMMITMENTS.rootOf(PayloadError.InputMissing, "");
        if (deed == Deed.Refused) return COMMITMENTS.rootOf(PayloadError.RefusedByModel, "");
        return keccak256(abi.encode(deed));
    }

    function _seatsOf(Course memory course) private view returns (address[] memory seats) {
        seats = new address[](course.seated);
        uint256 next;
        for (uint256 i; i < 3; ++i) if (course.deeds[i] != Deed.Absent) seats[next++] = _nodes[i];
    }

    /// @dev A job with two seats, of which one or both have revealed the same.
    function _answered(bool both) private returns (Job memory job) {
        job = _open(1e18);
        for (uint256 i; i < 2; ++i) _commit(job, i, "right");
        VM.warp(block.timestamp + SEAL_PERIOD);
        for (uint256 i; i < (both ? 2 : 1); ++i) COMMITMENTS.reveal(_roundOf(job), _nodes[i], "right", SALT);
    }

    function _firstTwo() private view returns (address[] memory seats) {
        seats = new address[](2);
        (seats[0], seats[1]) = (_nodes[0], _nodes[1]);
    }
}
