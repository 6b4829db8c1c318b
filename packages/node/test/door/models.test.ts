import { strict as assert } from "node:assert";
import { describe, it } from "node:test";

import { id } from "ethers";

import { UnknownModelError } from "../../dist/door/errors.js";
import { Models } from "../../dist/door/Models.js";
import type { Executable } from "../../dist/execute/Executor.js";

const [OLD, NEW, OTHER] = ["old", "new", "other"].map(id) as [string, string, string];

describe("Models", () => {
  const offered = new Set([OLD, NEW, OTHER]);
  const executable = (versionId: string): Executable => ({ versionId, path: "", digest: "", inputs: [], outputs: [] });
  const models = new Models({ versions: () => [...offered], executable }, [
    { versionId: OLD, name: "digits", release: [1, 9] },
    { versionId: NEW, name: "digits", release: [1, 10] },
    { versionId: OTHER, name: undefined, release: [2, 0] },
  ]);
  const found = (model: string, version?: string) => {
    const { name, release, executable: chosen } = models.find(model, version);
    return [name, release, chosen.versionId];
  };

  it("finds a version by its id, in capitals too, and by no other release than its own", () => {
    const capitals = `0x${OTHER.slice(2).toUpperCase()}`;
    assert.deepEqual(found(OTHER), [OTHER, "2.0", OTHER]);
    assert.deepEqual(found(capitals, "2.0"), [capitals, "2.0", OTHER]);
    assert.throws(() => found(OTHER, "1.0"), new UnknownModelError(OTHER, "1.0"));
  });

  it("finds the latest of a name, by numbers and not by letters, or the one that is asked for", () => {
    assert.deepEqual(found("digits"), ["digits", "1.10", NEW]);
    assert.deepEqual(found("digits", "1.9"), ["digits", "1.9", OLD]);
    assert.deepEqual(models.releases("digits"), ["1.10", "1.9"]);
    assert.deepEqual(models.releases(OLD), ["1.9"]);
    for (const model of ["Digits", "digit", "", "undefined", id("unknown")]) {
      assert.throws(() => found(model), new UnknownModelError(model, undefined));
    }
  });

  it("serves nothing that is not offered any more", () => {
    offered.delete(NEW);
    assert.deepEqual(found("digits"), ["digits", "1.9", OLD]);
    assert.equal(models.isEmpty, false);
    offered.clear();
    assert.throws(() => found("digits"), UnknownModelError);
    assert.equal(models.isEmpty, true);
  });
});
