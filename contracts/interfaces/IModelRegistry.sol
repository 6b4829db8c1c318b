// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {ModelId, ModelTerms, Version, VersionId, VersionIdentity, VersionRelease} from "../types/ModelTypes.sol";

/// @title Who owns which model, and which immutable versions of it exist
/// @notice An ERC-721 token is a model. Its owner releases versions, never changes or deletes one, sets a royalty per
/// inference and may restrict who orders. Nobody else writes here.
/// @dev Storage keeps what contracts read. What only people and nodes read is in the events, which storage points to.
interface IModelRegistry is IERC721 {
    /// @notice A model was registered; its token belongs to `publisher` at first.
    event ModelRegistered(ModelId indexed modelId, address indexed publisher, string slug);

    /// @notice A version was released. Everything in it is final.
    event VersionReleased(
        VersionId indexed versionId,
        ModelId indexed modelId,
        VersionIdentity identity,
        VersionRelease release
    );

    /// @notice The artifact of a version can be fetched from one more place.
    event MirrorAdded(VersionId indexed versionId, string uri);

    /// @notice New orders of a version are refused from now on. A zero `successor` names none.
    event VersionDeprecated(VersionId indexed versionId, VersionId indexed successor);

    /// @notice From `effectiveAt` (unix seconds) on an inference costs `royalty` (OPG, base units) on top.
    event RoyaltySet(ModelId indexed modelId, uint256 royalty, uint256 effectiveAt);

    /// @notice Whether only listed requesters may order.
    event RestrictionSet(ModelId indexed modelId, bool restricted);

    /// @notice A requester was put on a model's list, or taken off it.
    event RequesterAllowed(ModelId indexed modelId, address indexed requester, bool allowed);

    /// @notice How long (seconds) a rise of a royalty is announced before it holds.
    event RoyaltyNoticeSet(uint256 period);

    /// @notice A slug has the wrong length or a character outside `[a-z0-9-]`, or a hyphen at its edge.
    /// @custom:fix Use 3 to 64 lower-case letters, digits and hyphens, with a letter or digit first and last.
    error RegistryBadSlug(string slug);

    /// @notice The publisher has registered this slug before.
    /// @custom:fix Release a new version of the model instead, or choose another slug.
    error RegistryModelExists(ModelId modelId);

    /// @notice The caller does not own the model.
    /// @custom:fix Call from `owner`, or have it transfer the token first.
    error RegistryNotModelOwner(ModelId modelId, address caller, address owner);

    /// @notice No version has this id.
    /// @custom:fix Check the id; it is in the event `VersionReleased`.
    error RegistryUnknownVersion(VersionId versionId);

    /// @notice This very version was released before.
    /// @custom:fix Nothing is left to do: refer to `versionId`. A changed artifact has another id.
    error RegistryVersionExists(VersionId versionId);

    /// @notice The model already has a version of this number.
    /// @custom:fix Raise `minor`, or `major` for an incompatible change.
    error RegistryNumberTaken(ModelId modelId, uint256 major, uint256 minor, VersionId taken);

    /// @notice A field is empty or longer than its bound, both in bytes (for URIs: their count).
    /// @custom:fix Give `field` between `least` and `most` bytes.
    error RegistryBadLength(bytes32 field, uint256 given, uint256 least, uint256 most);

    /// @notice A field that must say something is zero, or a graph root stands without a profile.
    /// @custom:fix Fill `field`.
    error RegistryMissing(bytes32 field);

    /// @notice The version is deprecated.
    /// @custom:fix Order `successor`; zero means that the owner named none.
    error RegistryVersionDeprecated(VersionId versionId, VersionId successor);

    /// @notice A successor must be another, released version of the same model.
    /// @custom:fix Release the successor first, or name none (zero).
    error RegistryBadSuccessor(VersionId versionId, VersionId successor);

    /// @notice The model's owner has not listed this requester.
    /// @custom:fix Ask the owner of `modelId` for access, or order another model.
    error RegistryRequesterNotAllowed(ModelId modelId, address requester);

    /// @notice A royalty does not fit an amount of OPG.
    /// @custom:fix Stay at or below `most`.
    error RegistryRoyaltyTooHigh(uint256 given, uint256 most);

    /// @notice The notice for royalties is outside its hard bound.
    /// @custom:fix Give at most `most` seconds.
    error RegistryNoticeTooLong(uint256 given, uint256 most);

    /// @notice Registers a model of the caller, who becomes publisher and first owner.
    /// @param slug The model's name among those of its publisher: 3 to 64 of `[a-z0-9-]`.
    /// @param royalty OPG per inference, base units.
    /// @param restricted True if only listed requesters may order.
    /// @return modelId The token id as well.
    function registerModel(string calldata slug, uint256 royalty, bool restricted) external returns (ModelId modelId);

    /// @notice Releases a version of a model.
    /// @param modelId The model.
    /// @param identity What is executed and judged. Its hash is the version's id.
    /// @param details What else is said of it, as final as the identity.
    /// @return versionId Names the version everywhere.
    /// @custom:caller The owner of the model.
    function release(
        ModelId modelId,
        VersionIdentity calldata identity,
        VersionRelease calldata details
    ) external returns (VersionId versionId);

    /// @notice Adds a place from where the artifact can be fetched; what it serves must have the same digest.
    /// @param versionId The version.
    /// @param uri 1 to 256 bytes; a version has at most 8.
    /// @custom:caller The owner of the model.
    function addMirror(VersionId versionId, string calldata uri) external;

    /// @notice Refuses new orders of a version. Running jobs go on, and nothing is deleted.
    /// @param versionId The version.
    /// @param successor What to order instead; zero for nothing.
    /// @custom:caller The owner of the model.
    function deprecate(VersionId versionId, VersionId successor) external;

    /// @notice Sets what an inference costs on top. A cut holds at once, a rise after the notice period.
    /// @param modelId The model.
    /// @param royalty OPG per inference, base units.
    /// @custom:caller The owner of the model.
    function setRoyalty(ModelId modelId, uint256 royalty) external;

    /// @notice Opens a model to all requesters, or to listed ones only.
    /// @param modelId The model.
    /// @param restricted True if only listed requesters may order.
    /// @custom:caller The owner of the model.
    function setRestricted(ModelId modelId, bool restricted) external;

    /// @notice Puts requesters on a model's list, or takes them off it.
    /// @param modelId The model.
    /// @param requesters Accounts that order.
    /// @param allowed True to list, false to strike.
    /// @custom:caller The owner of the model.
    function setAllowed(ModelId modelId, address[] calldata requesters, bool allowed) external;

    /// @notice Sets how long a rise of a royalty is announced before it holds.
    /// @param period Seconds, at most 30 days.
    /// @custom:caller Whom the access manager allows.
    function setRoyaltyNoticePeriod(uint256 period) external;

    /// @notice What an order of a version costs on top right now, and who earns it.
    /// @dev Reverts as an order would: for an unknown or deprecated version, and for a requester that is not listed.
    /// @param versionId The version that is ordered.
    /// @param requester Who orders.
    /// @return royalty OPG, base units.
    /// @return payee The owner of the model now.
    /// @return refereed Whether the version has a graph root, by which a referee can judge what it gives.
    function quote(
        VersionId versionId,
        address requester
    ) external view returns (uint256 royalty, address payee, bool refereed);

    /// @notice What storage keeps of a version; `state` is `None` where there is no such version.
    /// @param versionId The version.
    function versionOf(VersionId versionId) external view returns (Version memory);

    /// @notice The version of a model that has this number; zero where there is none.
    /// @param modelId The model.
    /// @param major Of the number major.minor.
    /// @param minor Of the number major.minor.
    function versionAt(ModelId modelId, uint256 major, uint256 minor) external view returns (VersionId);

    /// @notice Royalty and restriction of a model.
    /// @param modelId The model.
    function termsOf(ModelId modelId) external view returns (ModelTerms memory);

    /// @notice Whether a requester is on a model's list.
    /// @param modelId The model.
    /// @param requester Who would order.
    function isAllowed(ModelId modelId, address requester) external view returns (bool);

    /// @notice How long (seconds) a rise of a royalty is announced before it holds.
    function royaltyNoticePeriod() external view returns (uint256);

    /// @notice The id of the model that `publisher` has registered, or can register, under `slug`.
    /// @param publisher Who registers.
    /// @param slug The model's name among those of its publisher.
    /// @custom:shape `keccak256(abi.encode(keccak256("OPG/model"), publisher, slug)) >> 8`
    function modelIdOf(address publisher, string calldata slug) external pure returns (ModelId);

    /// @notice The id of a version, from what it commits to.
    /// @param modelId The model.
    /// @param identity What is executed and judged.
    /// @custom:shape `keccak256(abi.encode(keccak256("OPG/version"), modelId, identity))`
    function versionIdOf(ModelId modelId, VersionIdentity calldata identity) external pure returns (VersionId);
}
