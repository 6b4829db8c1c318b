// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleLib} from "../../../contracts/libraries/MerkleLib.sol";
import {InputLib} from "../../../contracts/libraries/onnx/InputLib.sol";
import {OpeningLib} from "../../../contracts/libraries/onnx/OpeningLib.sol";
import {GRAPH_INPUT} from "../../../contracts/types/OnnxTypes.sol";
import {TENSOR_TAG} from "../../../contracts/types/PayloadTypes.sol";
import {Case, Opening, Ref, Step} from "../../../contracts/types/RefereeTypes.sol";
import {bound} from "../../support/Fuzz.sol";
import {InputBench} from "../../support/InputBench.sol";
import {OnnxSteps} from "../../support/OnnxSteps.sol";
import {Trees} from "../../support/Trees.sol";
import {VM} from "../../support/Vm.sol";

contract InputLibTest is InputBench {
    using InputLib for Case;

    uint256 private constant MOST_STEPS = 9;

    function testFuzz_requireCounts_needsAsManyOfEach(
        uint8 roots,
        uint8 paths,
        uint8 openings,
        uint8 tensors,
        uint8 expected
    ) external {
        (roots, paths, openings, tensors, expected) = (roots % 4, paths % 4, openings % 4, tensors % 4, expected % 4);
        Case memory c;
        (c.inputRoots, c.inputPaths, c.inputs) = (
            new bytes32[](roots),
            new bytes32[][](paths),
            new Opening[](openings)
        );
        if (roots != tensors || paths != tensors || openings != expected) {
            VM.expectRevert(
                abi.encodeWithSelector(InputLib.RefereeWrongInputs.selector, roots, paths, openings, tensors, expected)
            );
        }
        this.requireCounts(c, tensors, expected);
    }

    /// @dev A tensor of the trace is proven by its place in it.
    function testFuzz_openElement_provesAPlaceInTheTrace(
        bytes32 salt,
        uint8 steps,
        uint8 from,
        uint8 word
    ) external view {
        (Case memory c, Ref memory input) = _traced(salt, steps, from, word % ROWS);
        require(this.openElement(c, input, 32 * (word % ROWS) + 7) == uint8(_word(salt, word % ROWS)[7]), "element");
        require(this.openOnly(c, input, word % ROWS)[0] == _word(salt, word % ROWS), "only word");
    }

    function testFuzz_openElement_refusesOtherPlaces(bytes32 salt, uint8 steps, uint8 from, uint8 other) external {
        (Case memory c, Ref memory input) = _traced(salt, steps, from, 0);
        uint256 places = 2 ** c.inputPaths[0].length;
        other = uint8(other % places);
        if (other == input.from) return;
        input.from = other;
        bytes32 given = _traceRootOf(c.inputRoots[0], other, c.inputPaths[0]);
        _expectWrongRoot("trace", given, c.traceRoot);
        this.openElement(c, input, 0);
    }

    function testFuzz_openElement_refusesAPathOfAnotherLength(
        bytes32 salt,
        uint8 steps,
        uint8 from,
        uint8 length
    ) external {
        (Case memory c, Ref memory input) = _traced(salt, steps, from, 0);
        length %= 8;
        if (length == c.inputPaths[0].length) return;
        bytes32[] memory path = new bytes32[](length);
        for (uint256 i; i < length && i < c.inputPaths[0].length; ++i) path[i] = c.inputPaths[0][i];
        c.inputPaths[0] = path;
        bytes32 given = _traceRootOf(c.inputRoots[0], input.from, path);
        _expectWrongRoot("trace", given, c.traceRoot);
        this.openElement(c, input, 0);
    }

    /// @dev A node of the tree can be anything to whoever made it: what hangs there at another depth is no tensor of the trace,
    /// though its path leads to the root [T076].
    function testFuzz_openElement_refusesWhatHangsAtAnotherDepth(bytes32 salt, uint8 steps, uint8 depth) external {
        (Case memory c, Ref memory input) = _traced(salt, steps, 0, 0);
        bytes32[] memory path = c.inputPaths[0];
        bytes32 root = _climb(c.inputRoots[0], input.from, path);
        if (depth == path.length) return;
        c.traceRoot = MerkleLib.rootWithDepth(root, depth);
        _expectWrongRoot("trace", MerkleLib.rootWithDepth(root, path.length), c.traceRoot);
        this.openElement(c, input, 0);
    }

    function testFuzz_openElement_refusesOtherWords(bytes32 salt, uint8 steps, uint8 from, bytes32 other) external {
        (Case memory c, Ref memory input) = _traced(salt, steps, from, 0);
        c.inputs[0].words[0] = other;
        bytes32[] memory words = _words(salt);
        words[0] = other;
        bytes32 given = Trees.rootOf(words);
        _expectWrongRoot("input", given, c.inputRoots[0]);
        this.openElement(c, input, 0);
    }

    /// @dev A tensor of the payload is proven by its place, type and shape.
    function testFuzz_openElement_provesATensorOfThePayload(bytes32 salt, uint8 tensors, uint8 place) external view {
        (Case memory c, Ref memory input) = _paid(salt, tensors, place);
        require(this.openElement(c, input, 0) == uint8(_word(salt, 0)[0]), "element");
    }

    function testFuzz_openElement_needsATensorInThePayload(bytes32 salt, uint8 tensors, uint8 place) external {
        (Case memory c, Ref memory input) = _paid(salt, tensors, 0);
        uint256 count = c.inputPaths[0].length;
        place = uint8(bound(place, count, 0xff));
        input.from = uint16(GRAPH_INPUT + place);
        VM.expectRevert(abi.encodeWithSelector(InputLib.RefereeNoSuchInput.selector, place, count));
        this.openElement(c, input, 0);
    }

    function testFuzz_openElement_refusesAnotherTypeOrShape(
        bytes32 salt,
        uint8 tensors,
        uint8 place,
        bool isType
    ) external {
        (Case memory c, Ref memory input) = _paid(salt, tensors, place);
        bytes32 expected = c.inputPaths[0][input.from - GRAPH_INPUT];
        if (isType) input.dtype = 3;
        else input.shape = OnnxSteps.shapeOf(abi.encodePacked(uint8(32), uint8(ROWS)));
        bytes32 given = keccak256(abi.encode(TENSOR_TAG, input.dtype, input.shape, c.inputRoots[0]));
        _expectWrongRoot("tensor", given, expected);
        this.openElement(c, input, 0);
    }

    function testFuzz_openElement_refusesAnotherPayload(
        bytes32 salt,
        uint8 tensors,
        uint8 place,
        bytes32 other
    ) external {
        (Case memory c, Ref memory input) = _paid(salt, tensors, place);
        bytes32 given = c.inputRoot;
        c.inputRoot = other;
        _expectWrongRoot("payload", given, other);
        this.openElement(c, input, 0);
    }

    /// @dev What the statement states is proven as its input is, in the other payload.
    function testFuzz_openElement_provesAStatedOutput(
        bytes32 salt,
        uint8 tensors,
        uint8 place,
        bytes32 other
    ) external {
        (Case memory c, Ref memory input) = _stated(salt, tensors, place);
        require(this.openElement(c, input, 31) == uint8(_word(salt, 0)[31]), "element");
        bytes32 given = c.outputRoot;
        c.outputRoot = other;
        _expectWrongRoot("payload", given, other);
        this.openElement(c, input, 0);
    }

    /// @dev Constants are proven under the root that the step has, at the depth that it has.
    function testFuzz_openConstants_provesThemUnderTheStep(bytes32 salt, uint8 entry, bytes32 other) external {
        bytes32[] memory words = new bytes32[](8);
        for (uint256 i; i < words.length; ++i) words[i] = _word(salt, i);
        Case memory c;
        Step memory step = OnnxSteps.lut();
        step.constRoot = Trees.rootOf(words);
        c.constants = Trees.open(words, OpeningLib.only(entry % 8, 1));
        require(this.openConstants(c, step, entry % 8)[0] == words[entry % 8], "words");
        uint256 last = uint256(words[entry % 8]) & 0xff;
        require(this.openConstant(c, step, 32 * (entry % 8) + 31) == last, "byte");
        bytes32 given = step.constRoot;
        step.constRoot = other;
        _expectWrongRoot("constants", given, other);
        this.openConstants(c, step, entry % 8);
        _expectWrongRoot("constants", given, other);
        this.openConstant(c, step, 32 * (entry % 8));
    }

    function requireCounts(Case calldata c, uint256 tensors, uint256 expected) external pure {
        c.requireCounts(tensors, expected);
    }

    function openElement(Case calldata c, Ref memory input, uint256 index) external pure returns (uint256) {
        return c.openElement(0, input, index);
    }

    function openOnly(Case calldata c, Ref memory input, uint256 word) external pure returns (bytes32[] memory) {
        Step memory step;
        step.inputs = new Ref[](1);
        step.inputs[0] = input;
        return c.openOnly(step, 0, OpeningLib.only(word, 1));
    }

    function openConstants(Case calldata c, Step memory step, uint256 word) external pure returns (bytes32[] memory) {
        return c.openConstants(step, OpeningLib.only(word, 1));
    }

    function openConstant(Case calldata c, Step memory step, uint256 place) external pure returns (uint256) {
        return InputLib.openConstant(c.constants, step, place, 1);
    }

    /// @dev A case that opens a word of what a step of a trace has made.
    function _traced(
        bytes32 salt,
        uint8 steps,
        uint8 from,
        uint256 word
    ) private pure returns (Case memory c, Ref memory input) {
        bytes32[] memory r = new bytes32[](bound(steps, 1, MOST_STEPS));
        for (uint256 i; i < r.length; ++i) r[i] = keccak256(abi.encode(~salt, i));
        input = OnnxSteps.tensor(uint16(from % r.length), abi.encodePacked(uint8(ROWS), uint8(32)));
        r[input.from] = Trees.rootOf(_words(salt));
        c = _opened(salt, word);
        c.traceRoot = Trees.traceRootOf(r);
        c.inputPaths[0] = Trees.pathOf(r, input.from);
    }

    /// @dev The root of the trace that a path proves.
    function _traceRootOf(bytes32 word, uint256 leaf, bytes32[] memory path) private pure returns (bytes32) {
        return MerkleLib.rootWithDepth(_climb(word, leaf, path), path.length);
    }

    /// @dev What a path comes to.
    function _climb(bytes32 word, uint256 leaf, bytes32[] memory path) private pure returns (bytes32 hash) {
        hash = keccak256(abi.encodePacked(uint8(0), word));
        for (uint256 i; i < path.length; ++i) {
            bool isRight = (leaf >> i) & 1 == 1;
            hash = keccak256(
                isRight ? abi.encodePacked(uint8(1), path[i], hash) : abi.encodePacked(uint8(1), hash, path[i])
            );
        }
    }
}
