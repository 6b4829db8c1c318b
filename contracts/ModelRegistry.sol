// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

import {PausableEntries} from "./base/PausableEntries.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {SlugLib} from "./libraries/SlugLib.sol";
import {
    MODEL_TAG,
    ModelId,
    ModelTerms,
    VERSION_TAG,
    Version,
    VersionId,
    VersionIdentity,
    VersionRelease,
    VersionState
} from "./types/ModelTypes.sol";

/// @title Who owns which model, and which immutable versions of it exist
contract ModelRegistry is ERC721, PausableEntries, IModelRegistry {
    uint256 private constant MOST_NOTICE_PERIOD = 30 days;
    uint256 private constant MOST_URIS = 8;
    uint256 private constant MOST_URI_BYTES = 256;
    uint256 private constant MOST_METADATA_URI_BYTES = 1024;
    uint256 private constant MOST_LICENCE_BYTES = 64;
    uint256 private constant MOST_FORMAT_BYTES = 32;
    uint256 private constant MOST_SIGNATURE_BYTES = 2048;

    uint256 private _royaltyNoticePeriod;
    mapping(ModelId modelId => ModelTerms) private _terms;
    mapping(ModelId modelId => mapping(address requester => bool)) private _allowed;
    mapping(VersionId versionId => Version) private _versions;
    mapping(ModelId modelId => mapping(uint256 major => mapping(uint256 minor => VersionId))) private _numbered;

    modifier onlyModelOwner(ModelId modelId) {
        address owner = _terms[modelId].owner;
        if (msg.sender != owner) revert RegistryNotModelOwner(modelId, msg.sender, owner);
        _;
    }

    /// @param authority The access manager.
    /// @param royaltyNoticePeriod_ Seconds, at most 30 days.
    constructor(address authority, uint256 royaltyNoticePeriod_) ERC721("OPG Model", "OPGM") AccessManaged(authority) {
        _setRoyaltyNoticePeriod(royaltyNoticePeriod_);
    }

    /// @inheritdoc IModelRegistry
    function registerModel(string calldata slug, uint256 royalty, bool restricted) external returns (ModelId modelId) {
        _checkOpen();
        if (!SlugLib.isSlug(slug)) revert RegistryBadSlug(slug);
        modelId = modelIdOf(msg.sender, slug);
        uint256 tokenId = uint256(ModelId.unwrap(modelId));
        if (_terms[modelId].owner != address(0)) revert RegistryModelExists(modelId);

        emit ModelRegistered(modelId, msg.sender, slug);
        // No receiver hook: the publisher is the caller, and a hook would run foreign code in the middle.
        _mint(msg.sender, tokenId);
        _terms[modelId].royalty = _checkedRoyalty(royalty);
        _terms[modelId].restricted = restricted;
        emit RoyaltySet(modelId, royalty, block.timestamp);
        emit RestrictionSet(modelId, restricted);
    }

    /// @inheritdoc IModelRegistry
    function release(
        ModelId modelId,
        VersionIdentity calldata identity,
        VersionRelease calldata details
    ) external onlyModelOwner(modelId) returns (VersionId versionId) {
        _checkOpen();
        _checkIdentity(identity);
        _checkDetails(details);

        versionId = versionIdOf(modelId, identity);
        Version storage version = _versions[versionId];
        if (version.state != VersionState.None) revert RegistryVersionExists(versionId);
        VersionId taken = _numbered[modelId][details.major][details.minor];
        if (VersionId.unwrap(taken) != 0) revert RegistryNumberTaken(modelId, details.major, details.minor, taken);

        _numbered[modelId][details.major][details.minor] = versionId;
        version.modelId = uint248(uint256(ModelId.unwrap(modelId)));
        version.state = identity.graphRoot == 0 ? VersionState.Released : VersionState.Refereed;
        version.releasedBlock = uint48(block.number);
        version.major = details.major;
        version.minor = details.minor;
        version.uris = uint8(details.uris.length); // checked to be at most MOST_URIS
        emit VersionReleased(versionId, modelId, identity, details);
    }

    /// @inheritdoc IModelRegistry
    function addMirror(VersionId versionId, string calldata uri) external onlyModelOwner(_modelOf(versionId)) {
        Version storage version = _versions[versionId];
        _checkLength("uri", bytes(uri).length, 1, MOST_URI_BYTES);
        uint256 uris = uint256(version.uris) + 1;
        _checkLength("uris", uris, 1, MOST_URIS);

        version.uris = uint8(uris);
        emit MirrorAdded(versionId, uri);
    }

    /// @inheritdoc IModelRegistry
    function deprecate(VersionId versionId, VersionId successor) external onlyModelOwner(_modelOf(versionId)) {
        Version storage version = _versions[versionId];
        if (version.state == VersionState.Deprecated) revert RegistryVersionDeprecated(versionId, version.successor);
        if (VersionId.unwrap(successor) != 0) {
            Version storage next = _versions[successor];
            bool fits = next.modelId == version.modelId && _isReleased(next.state);
            if (!fits || VersionId.unwrap(successor) == VersionId.unwrap(versionId)) {
                revert RegistryBadSuccessor(versionId, successor);
            }
        }

        version.state = VersionState.Deprecated;
        version.successor = successor;
        emit VersionDeprecated(versionId, successor);
    }

    /// @inheritdoc IModelRegistry
    function setRoyalty(ModelId modelId, uint256 royalty) external onlyModelOwner(modelId) {
        ModelTerms storage terms = _terms[modelId];
        uint80 current = _royaltyNow(terms);
        uint80 next = _checkedRoyalty(royalty);
        bool rise = next > current;
        uint48 effectiveAt = uint48(block.timestamp + (rise ? _royaltyNoticePeriod : 0));

        terms.royalty = rise ? current : next;
        terms.royaltyPending = rise;
        terms.nextRoyalty = next;
        terms.nextRoyaltyAt = effectiveAt;
        emit RoyaltySet(modelId, royalty, effectiveAt);
    }

    /// @inheritdoc IModelRegistry
    function setRestricted(ModelId modelId, bool restricted) external onlyModelOwner(modelId) {
        _terms[modelId].restricted = restricted;
        emit RestrictionSet(modelId, restricted);
    }

    /// @inheritdoc IModelRegistry
    function setAllowed(ModelId modelId, address[] calldata requesters, bool allowed) external onlyModelOwner(modelId) {
        // Bounded by the caller's own gas; nothing else ever loops over the list.
        for (uint256 i; i < requesters.length; ++i) {
            _allowed[modelId][requesters[i]] = allowed;
            emit RequesterAllowed(modelId, requesters[i], allowed);
        }
    }

    /// @inheritdoc IModelRegistry
    function setRoyaltyNoticePeriod(uint256 period) external restricted {
        _setRoyaltyNoticePeriod(period);
    }

    /// @inheritdoc IModelRegistry
    function quote(
        VersionId versionId,
        address requester
    ) external view returns (uint256 royalty, address payee, bool refereed) {
        Version storage version = _versions[versionId];
        VersionState state = version.state;
        if (state == VersionState.None) revert RegistryUnknownVersion(versionId);
        if (state == VersionState.Deprecated) revert RegistryVersionDeprecated(versionId, version.successor);

        ModelId modelId = ModelId.wrap(bytes32(uint256(version.modelId)));
        ModelTerms storage terms = _terms[modelId];
        if (terms.restricted && !_allowed[modelId][requester]) revert RegistryRequesterNotAllowed(modelId, requester);
        return (_royaltyNow(terms), terms.owner, state == VersionState.Refereed);
    }

    /// @inheritdoc IModelRegistry
    function versionOf(VersionId versionId) external view returns (Version memory) {
        return _versions[versionId];
    }

    /// @inheritdoc IModelRegistry
    function versionAt(ModelId modelId, uint256 major, uint256 minor) external view returns (VersionId) {
        return _numbered[modelId][major][minor];
    }

    /// @inheritdoc IModelRegistry
    function termsOf(ModelId modelId) external view returns (ModelTerms memory) {
        return _terms[modelId];
    }

    /// @inheritdoc IModelRegistry
    function isAllowed(ModelId modelId, address requester) external view returns (bool) {
        return _allowed[modelId][requester];
    }

    /// @inheritdoc IModelRegistry
    function royaltyNoticePeriod() external view returns (uint256) {
        return _royaltyNoticePeriod;
    }

    /// @inheritdoc IModelRegistry
    function modelIdOf(address publisher, string calldata slug) public pure returns (ModelId) {
        return ModelId.wrap(keccak256(abi.encode(MODEL_TAG, publisher, slug)) >> 8);
    }

    /// @inheritdoc IModelRegistry
    function versionIdOf(ModelId modelId, VersionIdentity calldata identity) public pure returns (VersionId) {
        return VersionId.wrap(keccak256(abi.encode(VERSION_TAG, modelId, identity)));
    }

    function _setRoyaltyNoticePeriod(uint256 period) private {
        if (period > MOST_NOTICE_PERIOD) revert RegistryNoticeTooLong(period, MOST_NOTICE_PERIOD);
        _royaltyNoticePeriod = period;
        emit RoyaltyNoticeSet(period);
    }

    function _isReleased(VersionState state) private pure returns (bool) {
        return state == VersionState.Released || state == VersionState.Refereed;
    }

    function _modelOf(VersionId versionId) private view returns (ModelId) {
        Version storage version = _versions[versionId];
        if (version.state == VersionState.None) revert RegistryUnknownVersion(versionId);
        return ModelId.wrap(bytes32(uint256(version.modelId)));
    }

    /// @dev Every mint and transfer passes here: the owner is kept beside the royalty that it earns.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        _terms[ModelId.wrap(bytes32(tokenId))].owner = to;
        return super._update(to, tokenId, auth);
    }

    function _royaltyNow(ModelTerms storage terms) private view returns (uint80) {
        bool risen = terms.royaltyPending && block.timestamp >= terms.nextRoyaltyAt;
        return risen ? terms.nextRoyalty : terms.royalty;
    }

    function _checkedRoyalty(uint256 royalty) private pure returns (uint80) {
        if (royalty > type(uint80).max) revert RegistryRoyaltyTooHigh(royalty, type(uint80).max);
        return uint80(royalty);
    }

    function _checkIdentity(VersionIdentity calldata identity) private pure {
        if (identity.artifactDigest == 0) revert RegistryMissing("artifactDigest");
        if (identity.artifactSize == 0) revert RegistryMissing("artifactSize");
        if (identity.graphRoot != 0 && identity.profile == 0) revert RegistryMissing("profile");
        if (identity.inputs.length == 0) revert RegistryMissing("inputs");
        if (identity.outputs.length == 0) revert RegistryMissing("outputs");
        _checkLength("format", bytes(identity.format).length, 1, MOST_FORMAT_BYTES);
        uint256 signature = abi.encode(identity.inputs, identity.outputs).length;
        _checkLength("signature", signature, 1, MOST_SIGNATURE_BYTES);
    }

    function _checkDetails(VersionRelease calldata details) private pure {
        if (details.goldenInputRoot == 0) revert RegistryMissing("goldenInputRoot");
        if (details.goldenOutputRoot == 0) revert RegistryMissing("goldenOutputRoot");
        if (details.metadataHash == 0) revert RegistryMissing("metadataHash");
        _checkLength("licence", bytes(details.licence).length, 1, MOST_LICENCE_BYTES);
        _checkLength("metadataURI", bytes(details.metadataURI).length, 1, MOST_METADATA_URI_BYTES);
        _checkLength("uris", details.uris.length, 1, MOST_URIS);
        for (uint256 i; i < details.uris.length; ++i) {
            _checkLength("uri", bytes(details.uris[i]).length, 1, MOST_URI_BYTES);
        }
    }

    function _checkLength(bytes32 field, uint256 given, uint256 least, uint256 most) private pure {
        if (given < least || given > most) revert RegistryBadLength(field, given, least, most);
    }
}
