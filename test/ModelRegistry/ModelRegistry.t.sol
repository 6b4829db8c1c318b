// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {SlugLib} from "../../contracts/libraries/SlugLib.sol";
import {
    ModelId,
    TensorSpec,
    VersionId,
    VersionIdentity,
    VersionRelease,
    VersionState
} from "../../contracts/types/ModelTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

contract ModelRegistryTest is SuiteAdmin {
    address private constant OWNER = address(0x0e4e5);
    uint256 private constant MOST_NOTICE = 30 days;
    uint256 private constant MOST_SIGNATURE = 2048;

    ModelId private _model;
    VersionId private _version;

    function setUp() external {
        VM.warp(1_000_000);
        (_model, _version) = _publish(OWNER, 1e18);
    }

    function testFuzz_writes_areTheOwnersAlone(address caller) external {
        VM.assume(caller != OWNER);
        bytes[6] memory calls = _writes();
        for (uint256 i; i < calls.length; ++i) _refuse(caller, calls[i], _notOwner(caller, OWNER));
    }

    /// @dev The token decides, not who published.
    function testFuzz_writes_goWithTheToken(address next) external {
        VM.assume(next != OWNER && next != address(0));
        VM.prank(OWNER);
        REGISTRY.transferFrom(OWNER, next, uint256(ModelId.unwrap(_model)));
        bytes[6] memory calls = _writes();
        for (uint256 i; i < calls.length; ++i) {
            _refuse(OWNER, calls[i], _notOwner(OWNER, next));
            _accept(next, address(REGISTRY), calls[i]);
        }
    }

    function testFuzz_registerModel_takesSlugsAlone(uint256 length, uint256 place, bytes1 c) external {
        bytes memory text = new bytes(bound(length, 0, SlugLib.MOST_LENGTH + 2));
        for (uint256 i; i < text.length; ++i) text[i] = "a";
        if (text.length > 0) text[bound(place, 0, text.length - 1)] = c;
        if (!SlugLib.isSlug(string(text))) {
            VM.expectRevert(abi.encodeWithSelector(IModelRegistry.RegistryBadSlug.selector, string(text)));
        }
        REGISTRY.registerModel(string(text), 0, false);
    }

    /// @dev A name is taken for its publisher alone [T013].
    function testFuzz_registerModel_givesEachPublisherANameOnce(address publisher) external {
        VM.assume(publisher != address(0) && publisher != OWNER);
        VM.prank(publisher);
        ModelId model = REGISTRY.registerModel("digits", 0, false);
        require(REGISTRY.termsOf(model).owner == publisher && REGISTRY.termsOf(_model).owner == OWNER, "owner");

        VM.expectRevert(abi.encodeWithSelector(IModelRegistry.RegistryModelExists.selector, model));
        VM.prank(publisher);
        REGISTRY.registerModel("digits", 0, false);
    }

    function testFuzz_royalty_fitsItsField(uint256 excess) external {
        uint256 most = type(uint80).max;
        excess = bound(excess, most + 1, type(uint256).max);
        bytes memory refusal = abi.encodeWithSelector(IModelRegistry.RegistryRoyaltyTooHigh.selector, excess, most);
        VM.expectRevert(refusal);
        REGISTRY.registerModel("other", excess, false);
        _refuse(OWNER, abi.encodeCall(IModelRegistry.setRoyalty, (_model, excess)), refusal);

        require(REGISTRY.termsOf(REGISTRY.registerModel("other", most, false)).royalty == most, "royalty");
    }

    /// @dev A cut holds at once, a rise from the end of the notice on, and not a second earlier [T018].
    function testFuzz_setRoyalty_announcesRises(uint80 next, uint256 notice) external {
        notice = bound(notice, 1, MOST_NOTICE);
        REGISTRY.setRoyaltyNoticePeriod(notice);
        VM.prank(OWNER);
        REGISTRY.setRoyalty(_model, next);

        bool rise = next > 1e18;
        _requireRoyalty(rise ? 1e18 : next);
        VM.warp(block.timestamp + notice - 1);
        _requireRoyalty(rise ? 1e18 : next);
        VM.warp(block.timestamp + 1);
        _requireRoyalty(next);
    }

    function testFuzz_setRoyaltyNoticePeriod_isBounded(uint256 excess, uint256 period) external {
        excess = bound(excess, MOST_NOTICE + 1, type(uint256).max);
        VM.expectRevert(abi.encodeWithSelector(IModelRegistry.RegistryNoticeTooLong.selector, excess, MOST_NOTICE));
        REGISTRY.setRoyaltyNoticePeriod(excess);

        REGISTRY.setRoyaltyNoticePeriod(MOST_NOTICE);
        period = bound(period, 0, MOST_NOTICE);
        REGISTRY.setRoyaltyNoticePeriod(period);
        require(REGISTRY.royaltyNoticePeriod() == period, "period");
    }

    function testFuzz_setRoyaltyNoticePeriod_isTheAdminsAlone(address caller, uint256 period) external {
        VM.assume(caller != address(this));
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        _refuse(caller, abi.encodeCall(IModelRegistry.setRoyaltyNoticePeriod, (period)), refusal);
    }

    /// @dev Neither another number nor other details release an artifact twice [T014].
    function testFuzz_release_takesAnIdentityOnce(uint16 major, uint16 minor) external {
        VM.expectRevert(abi.encodeWithSelector(IModelRegistry.RegistryVersionExists.selector, _version));
        VM.prank(OWNER);
        REGISTRY.release(_model, _identity("some"), _details(major, minor));
    }

    function testFuzz_release_takesANumberOnce(bytes32 artifact, uint16 major, uint16 minor) external {
        VM.assume(artifact != 0 && artifact != "some" && artifact != "another" && (major != 1 || minor != 0));
        VersionId first = _release(_identity(artifact), _details(major, minor));
        require(VersionId.unwrap(REGISTRY.versionAt(_model, major, minor)) == VersionId.unwrap(first), "number");
        VM.expectRevert(
            abi.encodeWithSelector(IModelRegistry.RegistryNumberTaken.selector, _model, major, minor, first)
        );
        _release(_identity("another"), _details(major, minor));
    }

    /// @dev Whichever field says nothing, a version without it is refused by its name.
    function testFuzz_release_needsEveryField(bytes32 artifact, uint256 which) external {
        VM.assume(artifact != 0 && artifact != "some");
        which = bound(which, 0, 7);
        (VersionIdentity memory identity, VersionRelease memory details) = (_identity(artifact), _details(2, 0));
        bytes32 field;
        if (which == 0) (field, identity.artifactDigest) = ("artifactDigest", 0);
        if (which == 1) (field, identity.artifactSize) = ("artifactSize", 0);
        if (which == 2) (field, identity.graphRoot) = ("profile", artifact);
        if (which == 3) (field, identity.inputs) = ("inputs", new TensorSpec[](0));
        if (which == 4) (field, identity.outputs) = ("outputs", new TensorSpec[](0));
        if (which == 5) (field, details.goldenInputRoot) = ("goldenInputRoot", 0);
        if (which == 6) (field, details.goldenOutputRoot) = ("goldenOutputRoot", 0);
        if (which == 7) (field, details.metadataHash) = ("metadataHash", 0);

        VM.expectRevert(abi.encodeWithSelector(IModelRegistry.RegistryMissing.selector, field));
        _release(identity, details);
        if (which != 2) return;
        identity.profile = artifact;
        require(REGISTRY.versionOf(_release(identity, details)).state == VersionState.Refereed, "refereed");
    }

    /// @dev Whatever the length, a text is taken from its least byte to its last, and no further [T021].
    function testFuzz_release_boundsEveryText(uint256 which, uint256 excess) external {
        which = bound(which, 0, 4);
        bytes32[5] memory fields = [bytes32("format"), "licence", "metadataURI", "uri", "uris"];
        uint256 most = [uint256(32), 64, 1024, 256, 8][which];
        uint256[2] memory bad = [0, bound(excess, most + 1, 3 * most)];
        for (uint256 i; i < bad.length; ++i) {
            VM.expectRevert(_badLength(fields[which], bad[i], most));
            _releaseOf(which, bad[i]);
        }
        _releaseOf(which, 1);
        _releaseOf(which, most);
    }

    /// @dev Names are bounded by what the signature of inputs and outputs takes when it is encoded, in words [T021].
    function testFuzz_release_boundsTheSignature(uint256 excess) external {
        VersionIdentity memory identity = _identity("long");
        identity.inputs[0].name = "";
        uint256 room = MOST_SIGNATURE - abi.encode(identity.inputs, identity.outputs).length;
        uint256[2] memory bad = [room + 1, bound(excess, room + 1, 2 * MOST_SIGNATURE)];
        for (uint256 i; i < bad.length; ++i) {
            identity.inputs[0].name = string(new bytes(bad[i]));
            uint256 encoded = abi.encode(identity.inputs, identity.outputs).length;
            VM.expectRevert(_badLength("signature", encoded, MOST_SIGNATURE));
            _release(identity, _details(2, 0));
        }
        identity.inputs[0].name = string(new bytes(room));
        _release(identity, _details(2, 0));
    }

    function testFuzz_addMirror_isBoundedInLengthAndNumber(uint256 excess) external {
        string memory long = string(new bytes(bound(excess, 257, 1024)));
        _refuse(OWNER, _mirror(_version, long), _badLength("uri", bytes(long).length, 256));
        _refuse(OWNER, _mirror(_version, ""), _badLength("uri", 0, 256));
        for (uint256 i = 1; i < 8; ++i) {
            VM.prank(OWNER);
            REGISTRY.addMirror(_version, string(new bytes(i == 1 ? 256 : 1)));
        }
        require(REGISTRY.versionOf(_version).uris == 8, "uris");
        _refuse(OWNER, _mirror(_version, "x"), _badLength("uris", 9, 8));
    }

    function testFuzz_unknownVersions_areRefused(VersionId unknown, address caller) external {
        VM.assume(VersionId.unwrap(unknown) != VersionId.unwrap(_version));
        bytes memory refusal = abi.encodeWithSelector(IModelRegistry.RegistryUnknownVersion.selector, unknown);
        _refuse(caller, _mirror(unknown, "x"), refusal);
        _refuse(caller, abi.encodeCall(IModelRegistry.deprecate, (unknown, _version)), refusal);
        _refuse(caller, abi.encodeCall(IModelRegistry.quote, (unknown, caller)), refusal);
    }

    /// @dev Only another version of the same model that can be ordered follows; a version is deprecated once.
    function testFuzz_deprecate_namesWhatCanBeOrdered(VersionId unknown, address requester) external {
        VersionId next = _release(_identity("next"), _details(1, 1));
        VersionId gone = _release(_identity("gone"), _details(0, 9));
        VM.assume(uint256(VersionId.unwrap(unknown)) > 0 && VersionId.unwrap(unknown) != VersionId.unwrap(next));
        VM.prank(OWNER);
        REGISTRY.deprecate(gone, next);
        (, VersionId foreign) = _publish(address(0xf04e16), 0);

        VersionId[4] memory bad = [unknown, _version, gone, foreign];
        for (uint256 i; i < bad.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(
                IModelRegistry.RegistryBadSuccessor.selector,
                _version,
                bad[i]
            );
            _refuse(OWNER, abi.encodeCall(IModelRegistry.deprecate, (_version, bad[i])), refusal);
        }
        bytes memory over = abi.encodeWithSelector(IModelRegistry.RegistryVersionDeprecated.selector, gone, next);
        _refuse(OWNER, abi.encodeCall(IModelRegistry.deprecate, (gone, VersionId.wrap(0))), over);
        _refuse(requester, abi.encodeCall(IModelRegistry.quote, (gone, requester)), over);
    }

    /// @dev A restricted model is quoted to those on its list, and to all once it is open.
    function testFuzz_quote_isForListedRequesters(address requester, address listed) external {
        VM.assume(requester != listed);
        address[] memory list = new address[](1);
        list[0] = listed;
        VM.prank(OWNER);
        REGISTRY.setRestricted(_model, true);
        VM.prank(OWNER);
        REGISTRY.setAllowed(_model, list, true);

        VM.expectRevert(abi.encodeWithSelector(IModelRegistry.RegistryRequesterNotAllowed.selector, _model, requester));
        REGISTRY.quote(_version, requester);
        (uint256 royalty, address payee, ) = REGISTRY.quote(_version, listed);
        require(royalty == 1e18 && payee == OWNER, "quote");
        VM.prank(OWNER);
        REGISTRY.setRestricted(_model, false);
        REGISTRY.quote(_version, requester);
    }

    /// @dev One call of each function that writes a model, all of them good.
    function _writes() private view returns (bytes[6] memory) {
        return
            [
                abi.encodeCall(IModelRegistry.release, (_model, _identity("next"), _details(2, 0))),
                _mirror(_version, "https://mirror.example"),
                abi.encodeCall(IModelRegistry.deprecate, (_version, VersionId.wrap(0))),
                abi.encodeCall(IModelRegistry.setRoyalty, (_model, 1)),
                abi.encodeCall(IModelRegistry.setRestricted, (_model, true)),
                abi.encodeCall(IModelRegistry.setAllowed, (_model, new address[](1), true))
            ];
    }

    function _releaseOf(uint256 which, uint256 length) private {
        VersionIdentity memory identity = _identity(keccak256(abi.encode(length)));
        VersionRelease memory details = _details(3, uint16(length));
        if (which == 0) identity.format = string(new bytes(length));
        if (which == 1) details.licence = string(new bytes(length));
        if (which == 2) details.metadataURI = string(new bytes(length));
        if (which == 3) details.uris[0] = string(new bytes(length));
        if (which == 4) {
            details.uris = new string[](length);
            for (uint256 i; i < length; ++i) details.uris[i] = "https://models.example";
        }
        _release(identity, details);
    }

    function _release(VersionIdentity memory identity, VersionRelease memory details) private returns (VersionId) {
        VM.prank(OWNER);
        return REGISTRY.release(_model, identity, details);
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) private {
        _refuse(caller, address(REGISTRY), call, refusal);
    }

    function _requireRoyalty(uint256 royalty) private view {
        (uint256 quoted, , ) = REGISTRY.quote(_version, address(this));
        require(quoted == royalty, "royalty");
    }

    function _mirror(VersionId version, string memory uri) private pure returns (bytes memory) {
        return abi.encodeCall(IModelRegistry.addMirror, (version, uri));
    }

    function _notOwner(address caller, address owner) private view returns (bytes memory) {
        return abi.encodeWithSelector(IModelRegistry.RegistryNotModelOwner.selector, _model, caller, owner);
    }

    function _badLength(bytes32 field, uint256 given, uint256 most) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IModelRegistry.RegistryBadLength.selector, field, given, 1, most);
    }
}
