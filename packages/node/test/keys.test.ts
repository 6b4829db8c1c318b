import { strict as assert } from "node:assert";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { Wallet, encryptKeystoreJson } from "ethers";

import { deriveSalt } from "../dist/journal/salt.js";
import {
  KeyFileError,
  OpenKeyFileError,
  loadSecret,
  loadSigner,
  readPrivate,
  writePrivate,
} from "../dist/keys/Keystore.js";
import { temporaryFolder } from "./support/folder.ts";

const SCRYPT = { N: 2, r: 8, p: 1 };

describe("deriveSalt", () => {
  const secret = Buffer.alloc(32, 7);

  it("gives the same 32 bytes for a round each time", () => {
    // HMAC-SHA256 of "OPG/salt/0x01", computed apart: a salt that changed with a release would lose reveals.
    assert.equal(deriveSalt(secret, "0x01"), "0x3b0eb23796ae79b398953ba293c2b9f60bf55573e4f9711719b7ba9e618aa9d9");
    assert.equal(deriveSalt(secret, "0x01"), deriveSalt(Buffer.alloc(32, 7), "0x01"));
  });

  it("gives another salt for each round and each secret, so that who has seen some can guess no other [T043]", () => {
    const salts = [
      deriveSalt(secret, "0x01"),
      deriveSalt(secret, "0x02"),
      deriveSalt(Buffer.alloc(32, 8), "0x01"),
      deriveSalt(Buffer.alloc(32, 8), "0x02"),
    ];
    assert.equal(new Set(salts).size, salts.length);
  });
});

describe("Keystore", () => {
  const folder = temporaryFolder();

  it("reads no file that others can read or write [T145]", () => {
    const path = join(folder, "modes");
    writePrivate(path, "content\n");
    assert.equal(readPrivate(path), "content");
    for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610, 0o644]) {
      chmodSync(path, mode);
      assert.throws(() => readPrivate(path), new OpenKeyFileError(path, mode.toString(8)));
    }
    chmodSync(path, 0o400);
    assert.equal(readPrivate(path), "content");
  });

  it("writes for its owner alone, and never over another file", () => {
    const path = join(folder, "once");
    writePrivate(path, "first");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.throws(() => {
      writePrivate(path, "second");
    }, /EEXIST/);
    assert.equal(readFileSync(path, "utf8"), "first");
  });

  it("makes the secret once, of 32 bytes, for its owner alone", () => {
    const path = join(folder, "secret");
    const secret = loadSecret(path);
    assert.equal(secret.length, 32);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(loadSecret(path), secret);
    assert.notDeepEqual(loadSecret(join(folder, "another secret")), secret);
  });

  it("makes no new secret in place of one that is damaged or open to others", () => {
    const path = join(folder, "damaged");
    for (const content of ["", "abcd", "zz".repeat(32)]) {
      writeFileSync(path, content, { mode: 0o600 });
      assert.throws(() => loadSecret(path), new KeyFileError(path, `${path} does not hold a secret of 32 bytes.`));
    }
    chmodSync(path, 0o644);
    assert.throws(() => loadSecret(path), new OpenKeyFileError(path, "644"));
    assert.equal(readFileSync(path, "utf8"), "zz".repeat(32));
  });

  it("opens the signer's keystore with its password, if both are private", async () => {
    const { address, privateKey } = Wallet.createRandom();
    const [keyFile, passwordFile] = [join(folder, "signer.json"), join(folder, "signer.password")];
    writePrivate(keyFile, await encryptKeystoreJson({ address, privateKey }, "password", { scrypt: SCRYPT }));
    writePrivate(passwordFile, "password\n");
    assert.equal((await loadSigner(keyFile, passwordFile)).privateKey, privateKey);

    for (const path of [keyFile, passwordFile]) {
      chmodSync(path, 0o640);
      await assert.rejects(loadSigner(keyFile, passwordFile), new OpenKeyFileError(path, "640"));
      chmodSync(path, 0o600);
    }
    writeFileSync(passwordFile, "wrong");
    const unopened = `${keyFile} is no keystore that the password in ${passwordFile} opens`;
    await assert.rejects(loadSigner(keyFile, passwordFile), new KeyFileError(keyFile, unopened));
    const nowhere = join(folder, "nowhere");
    await assert.rejects(loadSigner(keyFile, nowhere), new KeyFileError(nowhere, `${nowhere} is not there`));
  });
});
