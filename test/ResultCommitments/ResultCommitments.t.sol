// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IResultCommitments} from "../../contracts/interfaces/IResultCommitments.sol";
import {EntryLib} from "../../contracts/libraries/EntryLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {Reveal, RevealFault, Round, RoundId, SignedSeal} from "../../contracts/types/CommitmentTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {RoundStage} from "../support/RoundStage.sol";
import {VM} from "../support/Vm.sol";

contract ResultCommitmentsTest is RoundStage {
    using RoundLib for Round;

    /// @dev What is kept of a commitment must say something: its upper 31 bytes.
    function testFuzz_seal_needsACommitment(address node, uint8 cut, bytes32 commitment) external {
        bytes memory refusal = abi.encodeWithSelector(IResultCommitments.CommitmentsZeroSeal.selector, _round, node);
        _refuseSeal(node, bytes32(uint256(cut)), _terms(1, 2), refusal);
        VM.assume(uint256(commitment) > type(uint8).max);
        _seal(node, commitment, _terms(1, 2));
    }

    /// @dev A node's seal is written once, whatever it says the second time [I34].
    function testFuzz_seal_isWrittenOnce(address node, bytes32 first, bytes32 second) external {
        VM.assume(uint256(first) > type(uint8).max && uint256(second) > type(uint8).max);
        _seal(node, first, _terms(1, 2));
        bytes memory refusal = abi.encodeWithSelector(
            IResultCommitments.CommitmentsAlreadySealed.selector,
            _round,
            node
        );
        _refuseSeal(node, second, _terms(1, 2), refusal);
        require(COMMITMENTS.entryOf(_round, node) == EntryLib.ofSeal(first), "entry");
    }

    /// @dev No round begins at or after the end of its first step, at whatever second [T059 I21].
    function testFuzz_seal_opensBeforeTheStepEnds(uint256 late) external {
        VM.warp(bound(late, STEP_END, STEP_END + YEAR));
        _refuseSeal(address(1), ROOT, _terms(1, 2), _sealingOver(STEP_END));
        VM.warp(STEP_END);
        _refuseSeal(address(1), ROOT, _terms(1, 2), _sealingOver(STEP_END));
        VM.warp(STEP_END - 1);
        _seal(address(1), ROOT, _terms(1, 2));
    }

    /// @dev With enough seals, sealing is over with the step [T042 I21].
    function testFuzz_seal_endsWithAStepThatSawEnough(uint256 late, uint256 least) external {
        least = bound(least, 1, 6);
        for (uint160 i = 1; i <= least; ++i) _seal(address(i), ROOT, _terms(least, 9));
        VM.warp(STEP_END - 1);
        _seal(address(7), ROOT, _terms(least, 9));
        VM.warp(STEP_END);
        _refuseSeal(address(8), ROOT, _termsTo(LAST_END, least, 9), _sealingOver(STEP_END));
        VM.warp(bound(late, STEP_END, STEP_END + YEAR));
        _refuseSeal(address(8), ROOT, _termsTo(LAST_END, least, 9), _sealingOver(STEP_END));
    }

    /// @dev With too few, it goes on to the end of the last step, and never beyond it [T042 I21].
    function testFuzz_seal_endsWithTheLastStep(uint256 late, uint256 least) external {
        least = bound(least, 2, 6);
        _seal(address(1), ROOT, _terms(least, 9));
        VM.warp(LAST_END);
        _refuseSeal(address(3), ROOT, _termsTo(LAST_END, least, 9), _sealingOver(LAST_END));
        VM.warp(bound(late, LAST_END, LAST_END + YEAR));
        _refuseSeal(address(3), ROOT, _termsTo(LAST_END + YEAR, least, 9), _sealingOver(LAST_END));
        VM.warp(LAST_END - 1);
        _seal(address(2), ROOT, _termsTo(LAST_END, least, 9));
    }

    /// @dev A consumer cannot move a round back, nor beyond its last step, nor into a step that has ended.
    function testFuzz_seal_staysInTheStepsOfItsRound(uint256 end, uint256 time) external {
        _seal(address(1), ROOT, _terms(2, 9));
        time = bound(time, NOW, LAST_END - 1);
        end = bound(end, NOW - 10, LAST_END + 10);
        VM.warp(time);
        if (end > time && end >= STEP_END && end <= LAST_END) return _seal(address(2), ROOT, _termsTo(end, 2, 9));
        uint256 endsAt = time < STEP_END ? STEP_END : LAST_END;
        _refuseSeal(address(2), ROOT, _termsTo(end, 2, 9), _sealingOver(endsAt));
    }

    /// @dev A round takes as many seals as it says, none if it says none, and not one more [I36].
    function testFuzz_seal_fillsTheRound(uint256 most) external {
        most = bound(most, 0, type(uint8).max);
        for (uint160 i = 1; i <= most; ++i) _seal(address(i), ROOT, _terms(1, most));
        bytes memory refusal = abi.encodeWithSelector(IResultCommitments.CommitmentsRoundFull.selector, _round, most);
        _refuseSeal(address(type(uint160).max), ROOT, _terms(1, most), refusal);
    }

    /// @dev Who calls is whose round it is: nobody writes into that of another [T054].
    function testFuzz_seal_isInARoundOfTheCaller(address consumer, address node) external {
        VM.assume(consumer != address(this));
        VM.prank(consumer);
        _seal(node, ROOT, _terms(1, 2));
        require(COMMITMENTS.entryOf(_round, node) == 0, "not this round");
        RoundId theirs = COMMITMENTS.roundIdOf(consumer, JOB, 0, VERSION, INPUT);
        require(COMMITMENTS.entryOf(theirs, node) == EntryLib.ofSeal(ROOT), "theirs");
    }

    /// @dev Nothing is shown before sealing is over, nor after the time for it, at whatever second [T042 T059 I21].
    function testFuzz_reveal_hasItsTime(address caller, uint256 early, uint256 late, uint256 least) external {
        least = bound(least, 1, 2);
        uint256 opensAt = least == 1 ? STEP_END : LAST_END;
        uint256 endsAt = opensAt + REVEAL_PERIOD;
        _commit(address(1), least);
        uint256[4] memory times = [
            opensAt - 1,
            bound(early, NOW, opensAt - 1),
            endsAt,
            bound(late, endsAt, endsAt + YEAR)
        ];
        for (uint256 i; i < times.length; ++i) {
            VM.warp(times[i]);
            // That sealing goes on is only known when the step is over.
            uint256 known = times[i] < STEP_END ? STEP_END : opensAt;
            bytes memory refusal =
                i < 2
                    ? abi.encodeWithSelector(IResultCommitments.CommitmentsRevealTooEarly.selector, _round, known)
                    : abi.encodeWithSelector(IResultCommitments.CommitmentsRevealTooLate.selector, _round, endsAt);
            _refuseReveal(caller, address(1), ROOT, SALT, refusal);
        }
        VM.warp(late % 2 == 0 ? opensAt : endsAt - 1);
        _reveal(caller, address(1));
    }

    /// @dev Whoever sends it, a seal opens with one root and one salt alone, and for its own node [T041 I34].
    function testFuzz_reveal_fitsOneOutput(address caller, bytes32 root, bytes32 salt, address copier) external {
        VM.assume(root != 0 && salt != 0 && (root != ROOT || salt != SALT) && copier != address(1));
        _commit(address(1), 1);
        bytes32 copied = COMMITMENTS.sealOf(_round, address(1), ROOT, SALT);
        _seal(copier, copied, _terms(1, 2));
        VM.warp(STEP_END);
        _refuseReveal(caller, address(1), root, salt, _mismatch(address(1), root, salt, copied));
        _refuseReveal(caller, copier, ROOT, SALT, _mismatch(copier, ROOT, SALT, copied));
        _reveal(caller, address(1));
    }

    /// @dev Zero is neither an output nor a salt [T043 T058].
    function testFuzz_reveal_saysSomething(address caller, bytes32 some) external {
        _commit(address(1), 1);
        VM.warp(STEP_END);
        bytes memory refusal = abi.encodeWithSelector(
            IResultCommitments.CommitmentsZeroReveal.selector,
            _round,
            address(1)
        );
        _refuseReveal(caller, address(1), 0, some, refusal);
        _refuseReveal(caller, address(1), some, 0, refusal);
    }

    /// @dev Only a seal can be opened, and only once.
    function testFuzz_reveal_opensASealOnce(address caller, address other) external {
        VM.assume(other != address(1));
        _commit(address(1), 1);
        VM.warp(STEP_END);
        _refuseReveal(caller, other, ROOT, SALT, _nothingSealed(other));
        _reveal(caller, address(1));
        _refuseReveal(caller, address(1), ROOT, SALT, _nothingSealed(address(1)));
    }

    /// @dev One reveal that cannot be made stops no other, whatever is wrong with it, and says why. [T172]
    function testFuzz_revealMany_skipsWhatCannotBeMade(
        address caller,
        uint8[5] calldata wrong,
        bytes32 other
    ) external {
        VM.assume(other != 0 && other != ROOT && other != SALT);
        uint256 count = wrong.length;
        Reveal[] memory reveals = new Reveal[](count);
        uint256 made;
        for (uint256 i; i < count; ++i) {
            address node = address(uint160(i + 1));
            if (_faultOf(wrong[i]) != RevealFault.NothingSealed) _commit(node, 1);
            else _seal(address(uint160(i + 100)), ROOT, _terms(1, 9));
            reveals[i] = _wrongReveal(node, wrong[i], other);
        }
        VM.warp(STEP_END);
        VM.prank(caller);
        COMMITMENTS.revealMany(_round, reveals);
        for (uint256 i; i < count; ++i) {
            bool right = _faultOf(wrong[i]) == RevealFault.None;
            require(COMMITMENTS.hasStated(_round, reveals[i].node, ROOT) == right, "stated");
            if (right) ++made;
        }
        (Round round, ) = COMMITMENTS.roundOf(_round);
        require(round.revealedCount() == made, "count");
        require(COMMITMENTS.countOf(_round, ROOT) == made, "tally");

        // What was skipped is not lost, and what was made is not made again.
        for (uint256 i; i < count; ++i) reveals[i] = Reveal(reveals[i].node, ROOT, SALT);
        COMMITMENTS.revealMany(_round, reveals);
        for (uint256 i; i < count; ++i) {
            bool sealed_ = _faultOf(wrong[i]) != RevealFault.NothingSealed;
            require(COMMITMENTS.hasStated(_round, reveals[i].node, ROOT) == sealed_, "later");
        }
    }

    /// @dev Many reveals have the time that one has, even if there are none. [T042 T059 I21]
    function testFuzz_revealMany_hasItsTime(address caller, uint256 early, uint256 late) external {
        _commit(address(1), 1);
        bytes memory call = abi.encodeCall(IResultCommitments.revealMany, (_round, new Reveal[](0)));
        VM.warp(bound(early, NOW, STEP_END - 1));
        bytes4 selector = IResultCommitments.CommitmentsRevealTooEarly.selector;
        _refuse(caller, address(COMMITMENTS), call, abi.encodeWithSelector(selector, _round, STEP_END));
        uint256 endsAt = STEP_END + REVEAL_PERIOD;
        VM.warp(bound(late, endsAt, endsAt + YEAR));
        selector = IResultCommitments.CommitmentsRevealTooLate.selector;
        _refuse(caller, address(COMMITMENTS), call, abi.encodeWithSelector(selector, _round, endsAt));
    }

    /// @dev A seal's author is whoever signed it, for this round, node and commitment alone. [T170]
    function testFuzz_authorOf_isWhoSignedThis(
        uint256 key,
        address node,
        bytes32 commitment,
        address other,
        bytes32 another
    ) external view {
        VM.assume(other != node && another != commitment);
        key = bound(key, 1, type(uint128).max);
        SignedSeal memory signed = _signSeal(key, _round, node, commitment);
        (bytes32 r, bytes32 vs) = (signed.r, signed.vs);
        require(COMMITMENTS.authorOf(_round, node, commitment, r, vs) == VM.addr(key), "author");
        require(COMMITMENTS.authorOf(_round, other, commitment, r, vs) != VM.addr(key), "node");
        require(COMMITMENTS.authorOf(_round, node, another, r, vs) != VM.addr(key), "commitment");
        RoundId round = RoundId.wrap(keccak256(abi.encode(_round)));
        require(COMMITMENTS.authorOf(round, node, commitment, r, vs) != VM.addr(key), "round");
    }

    /// @dev What is nobody's signature has no author, rather than none in particular. [T171]
    function testFuzz_authorOf_refusesWhatIsNoSignature(
        address node,
        bytes32 commitment,
        bytes32 r,
        uint256 s
    ) external {
        // Above half the order of the curve, every signature is refused: it is the twin of another one.
        uint256 half = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
        bytes32 vs = bytes32(bound(s, half + 1, type(uint256).max >> 1));
        bytes memory call = abi.encodeCall(IResultCommitments.authorOf, (_round, node, commitment, r, vs));
        bytes4 selector = IResultCommitments.CommitmentsBadSignature.selector;
        _refuse(address(this), address(COMMITMENTS), call, abi.encodeWithSelector(selector, _round, node, r, vs));
    }

    /// @dev A tally is of nodes that sealed, each once: in order of address, so that none comes twice [I36].
    function testFuzz_tallyOf_takesEachNodeOnce(uint160[5] calldata any, uint256 count) external {
        address[] memory nodes = new address[](bound(count, 1, any.length));
        address bad;
        for (uint256 i; i < nodes.length; ++i) {
            nodes[i] = address(1 + (any[i] % 9));
            bool wrong = nodes[i] > address(6) || (i > 0 && nodes[i] <= nodes[i - 1]);
            if (wrong && bad == address(0)) bad = nodes[i];
        }
        for (uint160 i = 1; i <= 6; ++i) _commit(address(i), 1);
        VM.warp(STEP_END);
        _reveal(address(this), address(2));

        if (bad != address(0)) {
            VM.expectRevert(abi.encodeWithSelector(IResultCommitments.CommitmentsNotSealed.selector, _round, bad));
        }
        (uint256 stated, uint256 silent, uint256 statedCount) = COMMITMENTS.tallyOf(_round, nodes, ROOT);
        if (bad != address(0)) return;
        for (uint256 i; i < nodes.length; ++i) {
            require(((stated >> i) & 1 == 1) == (nodes[i] == address(2)), "stated");
            require(((silent >> i) & 1 == 1) == (nodes[i] != address(2)), "silent");
        }
        require(statedCount == (stated == 0 ? 0 : 1), "count");
    }

    /// @dev A reveal with what is wrong with it: of a node that has not sealed, of nothing, or of something else.
    function _wrongReveal(address node, uint8 wrong, bytes32 other) private pure returns (Reveal memory given) {
        given = Reveal(node, ROOT, SALT);
        RevealFault fault = _faultOf(wrong);
        if (fault == RevealFault.ZeroReveal && wrong % 2 == 0) given.outputRoot = 0;
        else if (fault == RevealFault.ZeroReveal) given.salt = 0;
        else if (fault == RevealFault.Mismatch && wrong % 2 == 0) given.outputRoot = other;
        else if (fault == RevealFault.Mismatch) given.salt = other;
    }

    function _faultOf(uint8 wrong) private pure returns (RevealFault) {
        return RevealFault((wrong >> 1) % 4);
    }

    function _seal(address node, bytes32 commitment, Round terms) private {
        COMMITMENTS.seal(JOB, 0, VERSION, INPUT, node, commitment, terms);
    }

    function _commit(address node, uint256 least) private {
        _seal(node, COMMITMENTS.sealOf(_round, node, ROOT, SALT), _terms(least, 9));
    }

    function _reveal(address caller, address node) private {
        VM.prank(caller);
        COMMITMENTS.reveal(_round, node, ROOT, SALT);
        require(COMMITMENTS.hasStated(_round, node, ROOT), "stated");
    }

    function _refuseSeal(address node, bytes32 commitment, Round terms, bytes memory refusal) private {
        bytes memory call = abi.encodeCall(IResultCommitments.seal, (JOB, 0, VERSION, INPUT, node, commitment, terms));
        _refuse(address(this), address(COMMITMENTS), call, refusal);
    }

    function _refuseReveal(address caller, address node, bytes32 root, bytes32 salt, bytes memory refusal) private {
        bytes memory call = abi.encodeCall(IResultCommitments.reveal, (_round, node, root, salt));
        _refuse(caller, address(COMMITMENTS), call, refusal);
    }

    function _termsTo(uint256 stepEnd, uint256 least, uint256 most) private pure returns (Round) {
        return _terms(least, most).endingAt(stepEnd);
    }

    function _sealingOver(uint256 endedAt) private view returns (bytes memory) {
        return abi.encodeWithSelector(IResultCommitments.CommitmentsSealingOver.selector, _round, endedAt);
    }

    function _nothingSealed(address node) private view returns (bytes memory) {
        return abi.encodeWithSelector(IResultCommitments.CommitmentsNothingSealed.selector, _round, node);
    }

    function _mismatch(address node, bytes32 root, bytes32 salt, bytes32 held) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IResultCommitments.CommitmentsMismatch.selector,
                _round,
                node,
                EntryLib.ofSeal(COMMITMENTS.sealOf(_round, node, root, salt)),
                EntryLib.ofSeal(held)
            );
    }
}
