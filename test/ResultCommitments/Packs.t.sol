// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IResultCommitments} from "../../contracts/interfaces/IResultCommitments.sol";
import {EntryLib} from "../../contracts/libraries/EntryLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {
    PACK_TAG,
    PackedReveal,
    Reveal,
    Round,
    RoundId,
    Seal,
    SignedSeal
} from "../../contracts/types/CommitmentTypes.sol";
import {bound, spread} from "../support/Fuzz.sol";
import {RoundStage} from "../support/RoundStage.sol";
import {VM} from "../support/Vm.sol";

/// @title Rounds whose seals are kept as one hash
/// @dev A test is one transaction: what was shown stays shown.
contract PacksTest is RoundStage {
    using RoundLib for Round;

    /// @dev What can be wrong with what is given of a pack.
    enum Change {
        Word,
        Node,
        Order,
        Less,
        More,
        Commitment
    }

    uint256 private constant MOST = 6;
    uint256 private constant KEY = 7;

    /// @dev What packs: as many as go on alone, ascending, in a first attempt, undisputable, and first of all. [T177]
    function testFuzz_sealMany_packsWhatFits(uint256[6] calldata any, bool descends, bool opened) external {
        (uint256 count, uint256 attempt) = (bound(any[0], 0, 4), bound(any[1], 0, 1));
        (uint256 least, uint256 most) = (bound(any[2], 0, 5), bound(any[3], 0, 5));
        Round terms = RoundLib.terms(STEP_END, LAST_END, REVEAL_PERIOD, least, most, bound(any[4], 0, 1));
        RoundId round = _roundOf(JOB, attempt);
        SignedSeal[] memory seals = _signed(round, any[5], count);
        if (descends && count > 1) (seals[0], seals[1]) = (seals[1], seals[0]);
        // Where the terms have room for nobody, this opens no round.
        opened = opened && most > 0;
        if (opened) COMMITMENTS.seal(JOB, attempt, VERSION, INPUT, address(100), ROOT, terms);

        bytes memory call = abi.encodeCall(IResultCommitments.sealMany, (JOB, attempt, VERSION, INPUT, seals, terms));
        if (count + (opened ? 1 : 0) > most && count > 0) {
            bytes4 selector = IResultCommitments.CommitmentsRoundFull.selector;
            return _refuse(address(this), call, abi.encodeWithSelector(selector, round, most));
        }
        _accept(address(this), address(COMMITMENTS), call);
        bool packs = count > 0 && count >= least && attempt == 0 && terms.windowPeriod() == 0;
        if (packs && !opened && !(descends && count > 1)) return _requirePacked(round);
        (Round kept, ) = COMMITMENTS.roundOf(round);
        require(!kept.isPacked() && kept.sealedCount() == count + (opened ? 1 : 0), "not packed");
        for (uint256 i; i < count; ++i) {
            require(COMMITMENTS.entryOf(round, seals[i].node) == EntryLib.ofSeal(seals[i].commitment), "entry");
        }
    }

    /// @dev Who has signed is said of each, packed or not. [T170]
    function testFuzz_sealMany_namesTheAuthors(uint256 seed, uint256 key, uint256 least) external {
        key = bound(key, 1, type(uint128).max);
        SignedSeal[] memory seals = _signed(_round, seed, 2);
        seals[1] = _signSeal(key, _round, seals[1].node, seals[1].commitment);
        Round terms = _terms(bound(least, 1, 4), MOST);
        address[] memory authors = COMMITMENTS.sealMany(JOB, 0, VERSION, INPUT, seals, terms);
        require(authors.length == 2 && authors[0] == VM.addr(KEY) && authors[1] == VM.addr(key), "authors");
    }

    /// @dev One that is refused refuses all: nobody's signature, or nothing in the bits that are kept. [T171]
    function testFuzz_sealMany_takesAllOrNone(uint256 seed, uint256 bad, uint8 cut, bool packs) external {
        SignedSeal[] memory seals = _signed(_round, seed, 3);
        bad = bound(bad, 0, 2);
        Round terms = _terms(packs ? 3 : 4, MOST);
        (bytes32 r, bytes32 vs) = (seals[bad].r, seals[bad].vs);
        (seals[bad].r, seals[bad].vs) = (0, 0);
        bytes4 selector = IResultCommitments.CommitmentsBadSignature.selector;
        _refuseSeals(seals, terms, abi.encodeWithSelector(selector, _round, seals[bad].node, bytes32(0), bytes32(0)));
        (seals[bad].r, seals[bad].vs) = (r, vs);
        seals[bad] = _signSeal(KEY, _round, seals[bad].node, bytes32(uint256(cut)));
        selector = IResultCommitments.CommitmentsZeroSeal.selector;
        _refuseSeals(seals, terms, abi.encodeWithSelector(selector, _round, seals[bad].node));
        (Round kept, ) = COMMITMENTS.roundOf(_round);
        require(Round.unwrap(kept) == 0, "opened");
    }

    /// @dev No round is packed at or after the end of its step, at whatever second. [T059 I21]
    function testFuzz_sealMany_packsBeforeTheStepEnds(uint256 seed, uint256 late) external {
        SignedSeal[] memory seals = _signed(_round, seed, 2);
        bytes4 selector = IResultCommitments.CommitmentsSealingOver.selector;
        uint256[2] memory times = [STEP_END, bound(late, STEP_END, STEP_END + YEAR)];
        for (uint256 i; i < times.length; ++i) {
            VM.warp(times[i]);
            _refuseSeals(seals, _terms(2, MOST), abi.encodeWithSelector(selector, _round, STEP_END));
        }
        VM.warp(STEP_END - 1);
        COMMITMENTS.sealMany(JOB, 0, VERSION, INPUT, seals, _terms(2, MOST));
        _requirePacked(_round);
    }

    /// @dev Packed and unpacked, seals leave what they leave one by one. [T176]
    function testFuzz_unpack_leavesWhatSealsLeave(address caller, uint256 seed, uint256 count, uint256 marks) external {
        count = bound(count, 1, MOST);
        // Counts and marks that come with the terms are nobody's to say.
        Round terms = Round.wrap(Round.unwrap(_terms(1, MOST)) | (marks << 248) | (uint256(uint24(marks)) << 144));
        SignedSeal[] memory seals = _signed(_round, seed, count);
        COMMITMENTS.sealMany(JOB, 0, VERSION, INPUT, seals, terms);
        VM.warp(bound(marks, NOW, NOW + YEAR));
        VM.prank(caller);
        COMMITMENTS.unpack(_round, terms.packed(count), _unsigned(seals));

        VM.warp(NOW);
        RoundId other = _roundOf("other", 0);
        for (uint256 i; i < count; ++i) {
            COMMITMENTS.seal("other", 0, VERSION, INPUT, seals[i].node, seals[i].commitment, terms);
        }
        (Round unpacked, bytes32 leader) = COMMITMENTS.roundOf(_round);
        (Round single, ) = COMMITMENTS.roundOf(other);
        require(Round.unwrap(unpacked) == Round.unwrap(single) && leader == 0, "round");
        for (uint256 i; i < count; ++i) {
            bytes32 entry = COMMITMENTS.entryOf(_round, seals[i].node);
            require(entry != 0 && entry == COMMITMENTS.entryOf(other, seals[i].node), "entry");
        }
        require(COMMITMENTS.entryOf(_round, address(100)) == 0, "another entry");
    }

    /// @dev No other list of seals and no other word of the round unpacks it, and none does so twice. [T176]
    function testFuzz_unpack_opensWithItsSealsAlone(
        uint256 seed,
        uint256 count,
        uint256 which,
        uint256 change
    ) external {
        count = bound(count, 2, MOST);
        (Round round, Seal[] memory seals) = _pack(seed, count);
        Change what = Change(bound(which, 0, uint256(type(Change).max)));
        (Round otherRound, Seal[] memory others) = _change(round, seals, what, change);
        _refuseUnpack(otherRound, others, _wordOf(round, seals));
        _requirePacked(_round);

        COMMITMENTS.unpack(_round, round, seals);
        (Round kept, ) = COMMITMENTS.roundOf(_round);
        _refuseUnpack(round, seals, kept);
    }

    /// @dev Nothing but what all have sealed is shown: not by other nodes, in another order, with another word. [T176]
    function testFuzz_revealPacked_showsWhatWasSealed(
        uint256 seed,
        uint256 count,
        uint256 which,
        uint256 change,
        bytes32 root,
        bytes32 salt
    ) external {
        VM.assume(root != 0 && salt != 0);
        count = bound(count, 2, MOST);
        (Round round, Seal[] memory seals) = _packAlike(seed, count, ROOT);
        VM.warp(STEP_END);
        // A commitment is not given here, but made of the salt.
        Change what = Change(bound(which, 0, uint256(Change.Commitment) - 1));
        (Round otherRound, Seal[] memory others) = _change(round, seals, what, change);
        _refuseShow(otherRound, others, ROOT, SALT, _wordOf(round, seals));
        if (root != ROOT || salt != SALT) _refuseShow(round, seals, root, salt, _wordOf(round, seals));
        COMMITMENTS.revealPacked(_round, round, ROOT, _salts(seals, SALT));
    }

    /// @dev Where one has sealed something else, there is nothing that shows all. [T176]
    function testFuzz_revealPacked_needsUnanimity(uint256 seed, uint256 odd, bytes32 other) external {
        VM.assume(other != 0 && other != ROOT);
        Seal[] memory seals = _alike(seed, 3, ROOT);
        odd = bound(odd, 0, 2);
        seals[odd].commitment = COMMITMENTS.sealOf(_round, seals[odd].node, other, SALT);
        Round round = _packThese(seals);
        VM.warp(STEP_END);
        _refuseShow(round, seals, ROOT, SALT, _wordOf(round, seals));
        _refuseShow(round, seals, other, SALT, _wordOf(round, seals));
    }

    /// @dev Nothing is shown before sealing is over, nor after the time for it, at whatever second. [T042 T059 I21]
    function testFuzz_revealPacked_hasItsTime(uint256 seed, uint256 early, uint256 late) external {
        (Round round, Seal[] memory seals) = _packAlike(seed, 2, ROOT);
        uint256 endsAt = STEP_END + REVEAL_PERIOD;
        uint256[4] memory times = [
            STEP_END - 1,
            bound(early, NOW, STEP_END - 1),
            endsAt,
            bound(late, endsAt, endsAt + YEAR)
        ];
        bytes memory call = _showCall(round, seals, ROOT, SALT);
        for (uint256 i; i < times.length; ++i) {
            VM.warp(times[i]);
            bytes memory refusal =
                i < 2
                    ? abi.encodeWithSelector(IResultCommitments.CommitmentsRevealTooEarly.selector, _round, STEP_END)
                    : abi.encodeWithSelector(IResultCommitments.CommitmentsRevealTooLate.selector, _round, endsAt);
            _refuse(address(this), call, refusal);
        }
        VM.warp(late % 2 == 0 ? STEP_END : endsAt - 1);
        _accept(address(this), address(COMMITMENTS), call);
    }

    /// @dev Zero is neither an output nor a salt [T043 T058].
    function testFuzz_revealPacked_saysSomething(uint256 seed, uint256 silent, bytes32 some) external {
        (Round round, Seal[] memory seals) = _packAlike(seed, 3, ROOT);
        VM.warp(STEP_END);
        bytes4 selector = IResultCommitments.CommitmentsZeroReveal.selector;
        bytes memory refusal = abi.encodeWithSelector(selector, _round, seals[0].node);
        _refuse(address(this), _showCall(round, seals, 0, some), refusal);
        silent = bound(silent, 0, 2);
        PackedReveal[] memory reveals = _salts(seals, SALT);
        reveals[silent].salt = 0;
        bytes memory call = abi.encodeCall(IResultCommitments.revealPacked, (_round, round, ROOT, reveals));
        _refuse(address(this), call, abi.encodeWithSelector(selector, _round, seals[silent].node));
    }

    /// @dev What is shown is a round in which all have revealed, and no statement; unpacked, it is as it was sealed. [T177]
    function testFuzz_revealPacked_statesNothing(address caller, uint256 seed, uint256 count, bytes32 root) external {
        VM.assume(root != 0);
        count = bound(count, 1, MOST);
        (Round round, Seal[] memory seals) = _packAlike(seed, count, root);
        VM.warp(STEP_END);
        VM.prank(caller);
        COMMITMENTS.revealPacked(_round, round, root, _salts(seals, SALT));
        (Round shown, bytes32 leader) = COMMITMENTS.roundOf(_round);
        require(leader == root && !shown.isPacked() && shown.isOver(), "shown");
        require(shown.sealedCount() == count && shown.revealedCount() == count, "counts");
        require(shown.leaderCount() == count && shown.lastRevealBlock() == block.number, "leader");
        (uint256 stated, uint256 silent, uint256 statedCount) = COMMITMENTS.tallyOf(_round, _nodes(seals), root);
        require(stated == (1 << count) - 1 && silent == 0 && statedCount == count, "tally");
        for (uint256 i; i < count; ++i) {
            address node = seals[i].node;
            require(!COMMITMENTS.hasStated(_round, node, root), "stated");
            require(COMMITMENTS.outputOf(_round, node) == 0, "output");
            require(COMMITMENTS.disputableUntil(_round, node, root) == 0, "disputable");
        }
        COMMITMENTS.unpack(_round, round, seals);
        (Round kept, bytes32 none) = COMMITMENTS.roundOf(_round);
        require(kept.sealedCount() == count && kept.revealedCount() == 0 && none == 0, "unpacked");
        (stated, silent, statedCount) = COMMITMENTS.tallyOf(_round, _nodes(seals), root);
        require(stated == 0 && silent == (1 << count) - 1 && statedCount == 0, "silent");
    }

    /// @dev What needs entries is refused until there are some, and says why.
    function testFuzz_packed_refusesTheRest(uint256 seed, address caller, address node, bytes32 any) external {
        VM.assume(uint256(any) > type(uint8).max);
        (, Seal[] memory seals) = _pack(seed, 2);
        VM.assume(node != seals[0].node && node != seals[1].node);
        bytes memory refusal = abi.encodeWithSelector(IResultCommitments.CommitmentsPacked.selector, _round);
        bytes[7] memory calls = [
            abi.encodeCall(IResultCommitments.roundOf, (_round)),
            abi.encodeCall(IResultCommitments.entryOf, (_round, node)),
            abi.encodeCall(IResultCommitments.entryOf, (_round, seals[0].node)),
            abi.encodeCall(IResultCommitments.tallyOf, (_round, _nodes(seals), any)),
            abi.encodeCall(IResultCommitments.countOf, (_round, any)),
            abi.encodeCall(IResultCommitments.reveal, (_round, seals[0].node, any, SALT)),
            abi.encodeCall(IResultCommitments.revealMany, (_round, new Reveal[](1)))
        ];
        for (uint256 i; i < calls.length; ++i) _refuse(caller, calls[i], refusal);
        bytes memory call = abi.encodeCall(
            IResultCommitments.seal,
            (JOB, 0, VERSION, INPUT, node, any, _terms(1, MOST))
        );
        _refuse(address(this), call, refusal);
        _refuseSeals(_signed(_round, ~seed, 1), _terms(1, MOST), refusal);
    }

    /// @dev The same with one change.
    function _change(
        Round round,
        Seal[] memory seals,
        Change which,
        uint256 seed
    ) private pure returns (Round otherRound, Seal[] memory others) {
        uint256 place = bound(seed, 0, seals.length - 1);
        uint256 flips = seed == 0 ? 1 : seed;
        (otherRound, others) = (round, _copy(seals, seals.length));
        if (which == Change.Word) {
            otherRound = Round.wrap(Round.unwrap(round) ^ flips);
        } else if (which == Change.Node) {
            others[place].node = address(uint160(others[place].node) ^ (uint160(flips) | 1));
        } else if (which == Change.Order) {
            (others[0], others[1]) = (others[1], others[0]);
        } else if (which == Change.Less) {
            others = _copy(seals, seals.length - 1);
            for (uint256 i = place; i < others.length; ++i) others[i] = seals[i + 1];
        } else if (which == Change.More) {
            others = _copy(seals, seals.length + 1);
            others[seals.length] = seals[place];
        } else {
            others[place].commitment ^= bytes32(flips);
        }
    }

    /// @dev The first of these, as many as `length` has room for.
    function _copy(Seal[] memory seals, uint256 length) private pure returns (Seal[] memory copy) {
        copy = new Seal[](length);
        for (uint256 i; i < length && i < seals.length; ++i) copy[i] = Seal(seals[i].node, seals[i].commitment);
    }

    function _pack(uint256 seed, uint256 count) private returns (Round round, Seal[] memory seals) {
        seals = _unsigned(_signed(_round, seed, count));
        round = _packThese(seals);
    }

    function _packAlike(uint256 seed, uint256 count, bytes32 root) private returns (Round round, Seal[] memory seals) {
        seals = _alike(seed, count, root);
        round = _packThese(seals);
    }

    /// @dev What so many nodes seal for the same output.
    function _alike(uint256 seed, uint256 count, bytes32 root) private view returns (Seal[] memory seals) {
        seals = new Seal[](count);
        for (uint256 i; i < count; ++i) {
            address node = _nodeAt(seed, i);
            seals[i] = Seal(node, COMMITMENTS.sealOf(_round, node, root, SALT));
        }
    }

    function _packThese(Seal[] memory seals) private returns (Round round) {
        SignedSeal[] memory signed = new SignedSeal[](seals.length);
        for (uint256 i; i < seals.length; ++i) signed[i] = _signSeal(KEY, _round, seals[i].node, seals[i].commitment);
        COMMITMENTS.sealMany(JOB, 0, VERSION, INPUT, signed, _terms(1, MOST));
        round = _terms(1, MOST).packed(seals.length);
        _requirePacked(_round);
    }

    function _signed(RoundId round, uint256 seed, uint256 count) private view returns (SignedSeal[] memory seals) {
        seals = new SignedSeal[](count);
        for (uint256 i; i < count; ++i) {
            seals[i] = _signSeal(KEY, round, _nodeAt(seed, i), keccak256(abi.encode(seed, i)));
        }
    }

    function _unsigned(SignedSeal[] memory signed) private pure returns (Seal[] memory seals) {
        seals = new Seal[](signed.length);
        for (uint256 i; i < signed.length; ++i) seals[i] = Seal(signed[i].node, signed[i].commitment);
    }

    function _salts(Seal[] memory seals, bytes32 salt) private pure returns (PackedReveal[] memory reveals) {
        reveals = new PackedReveal[](seals.length);
        for (uint256 i; i < seals.length; ++i) reveals[i] = PackedReveal(seals[i].node, salt);
    }

    function _nodes(Seal[] memory seals) private pure returns (address[] memory nodes) {
        nodes = new address[](seals.length);
        for (uint256 i; i < seals.length; ++i) nodes[i] = seals[i].node;
    }

    /// @dev Nodes ascending by address, anywhere, but none that `address(100)` is.
    function _nodeAt(uint256 seed, uint256 i) private pure returns (address) {
        return address(uint160(((i + 1) << 150) | (spread(seed) & ((1 << 150) - 1))));
    }

    /// @dev What the slot of a packed round keeps.
    function _wordOf(Round round, Seal[] memory seals) private view returns (Round) {
        bytes32 pack = keccak256(abi.encode(PACK_TAG, _round, round));
        for (uint256 i; i < seals.length; ++i) {
            pack = keccak256(abi.encode(pack, seals[i].node, seals[i].commitment));
        }
        return Round.wrap((uint256(pack) >> 8) | (1 << 248));
    }

    function _showCall(
        Round round,
        Seal[] memory seals,
        bytes32 root,
        bytes32 salt
    ) private view returns (bytes memory) {
        return abi.encodeCall(IResultCommitments.revealPacked, (_round, round, root, _salts(seals, salt)));
    }

    function _refuseShow(Round round, Seal[] memory seals, bytes32 root, bytes32 salt, Round kept) private {
        Seal[] memory shown = new Seal[](seals.length);
        for (uint256 i; i < seals.length; ++i) {
            address node = seals[i].node;
            shown[i] = Seal(node, COMMITMENTS.sealOf(_round, node, root, salt));
        }
        _refuse(address(this), _showCall(round, seals, root, salt), _otherPack(_wordOf(round, shown), kept));
    }

    function _refuseUnpack(Round round, Seal[] memory seals, Round kept) private {
        bytes memory call = abi.encodeCall(IResultCommitments.unpack, (_round, round, seals));
        _refuse(address(this), call, _otherPack(_wordOf(round, seals), kept));
    }

    function _refuseSeals(SignedSeal[] memory seals, Round terms, bytes memory refusal) private {
        bytes memory call = abi.encodeCall(IResultCommitments.sealMany, (JOB, 0, VERSION, INPUT, seals, terms));
        _refuse(address(this), call, refusal);
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) private {
        _refuse(caller, address(COMMITMENTS), call, refusal);
    }

    function _requirePacked(RoundId round) private {
        bytes memory refusal = abi.encodeWithSelector(IResultCommitments.CommitmentsPacked.selector, round);
        _refuse(address(this), abi.encodeCall(IResultCommitments.roundOf, (round)), refusal);
    }

    function _otherPack(Round given, Round kept) private view returns (bytes memory) {
        return abi.encodeWithSelector(IResultCommitments.CommitmentsOtherPack.selector, _round, given, kept);
    }
}
