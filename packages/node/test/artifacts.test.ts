import { strict as assert } from "node:assert";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

import { MockAgent } from "undici";

import { ArtifactStore, sha256 } from "../dist/artifacts/ArtifactStore.js";
import { DigestMismatchError, FetchRefusedError, UnavailableError } from "../dist/artifacts/errors.js";
import { Fetcher, type FetcherOptions } from "../dist/artifacts/Fetcher.js";
import { temporaryFolder } from "./support/folder.ts";
import { HostileServer, type Answer } from "./support/HostileServer.ts";

const OPTIONS: FetcherOptions = { gateways: [], fileRoots: [], allowPrivateHosts: true, timeout: 5_000 };
const MOST = 1_000;
const CONTENT = randomBytes(500);

const same = (bytes: Uint8Array) => bytes;
const refused = (reason: RegExp) => (error: unknown) =>
  error instanceof FetchRefusedError && (assert.match(error.reason, reason), true);

describe("Fetcher", () => {
  const folder = temporaryFolder();
  const server = new HostileServer();
  const fetchers: Fetcher[] = [];
  const fetcherWith = (options: Partial<FetcherOptions> = {}): Fetcher => {
    const fetcher = new Fetcher({ ...OPTIONS, ...options });
    fetchers.push(fetcher);
    return fetcher;
  };
  before(() => server.listen());
  after(async () => {
    await Promise.all(fetchers.map((fetcher) => fetcher.close()));
    await server.close();
  });
  beforeEach(() => {
    server.forget();
  });

  describe("over HTTP", () => {
    it("gives what is served, up to the last byte that may be", async () => {
      const url = server.serve("/file", ({ response }) => response.end(CONTENT));
      assert.deepEqual(await fetcherWith().fetch(url, CONTENT.length, same), CONTENT);
    });

    it("refuses what announces to be too large, without reading it", async () => {
      const url = server.serve("/large", ({ response }) => {
        response.writeHead(200, { "content-length": MOST + 1 });
        response.flushHeaders();
      });
      await assert.rejects(fetcherWith().fetch(url, MOST, same), refused(/has 1001 bytes, more than 1000/));
    });

    it("refuses what turns out to be too large, announced as what it may", async () => {
      const url = server.serve("/chunks", ({ response }) => {
        response.write(Buffer.alloc(MOST));
        response.end("x");
      });
      await assert.rejects(fetcherWith().fetch(url, MOST, same), refused(/is longer than 1000 bytes/));
    });

    it("stops reading a stream without end [T137]", async () => {
      const url = server.serve("/endless", ({ response }) => {
        const pour = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on("drain", pour);
        pour();
      });
      await assert.rejects(fetcherWith().fetch(url, MOST, same), refused(/is longer than 1000 bytes/));
      await server.disconnected("/endless");
    });

    it("counts the bytes that a packed answer unfolds to [T137]", async () => {
      const url = server.serve("/bomb", ({ response }) => {
        response.writeHead(200, { "content-encoding": "gzip" });
        response.end(gzipSync(Buffer.alloc(10_000_000)));
      });
      await assert.rejects(fetcherWith().fetch(url, 50_000, same), refused(/is longer than 50000 bytes/));
    });

    it("gives up on a place that does not answer in time, and on one that trickles", async () => {
      const silent = server.serve("/silent", () => undefined);
      const slow = server.serve("/slow", ({ response }) => {
        const timer = setInterval(() => response.write("x"), 20);
        response.on("close", () => {
          clearInterval(timer);
        });
      });
      const fetcher = fetcherWith({ timeout: 200 });
      await assert.rejects(fetcher.fetch(silent, MOST, same), { name: "TimeoutError" });
      await assert.rejects(fetcher.fetch(slow, MOST, same), { name: "TimeoutError" });
    });

    it("stops when its caller does", async () => {
      const url = server.serve("/silent", () => undefined);
      const stop = new AbortController();
      const fetched = fetcherWith().fetch(url, MOST, same, stop.signal);
      stop.abort(new Error("the node stops"));
      await assert.rejects(fetched, /the node stops/);
    });

    it("names what the server answered, and leaves no connection behind", async () => {
      const url = server.serve("/error", ({ response }) => {
        response.writeHead(503);
        response.write("and no end");
      });
      await assert.rejects(fetcherWith().fetch(url, MOST, same), refused(/answered 503/));
      await server.disconnected("/error");
    });

    it("says why there is no connection", async () => {
      const closed = new HostileServer();
      await closed.listen();
      const url = closed.serve("/", () => undefined);
      await closed.close();
      await assert.rejects(fetcherWith().fetch(url, MOST, same), { code: "ECONNREFUSED" });
    });
  });

  describe("when it is redirected", () => {
    it("follows three times, relative addresses too, and no more", async () => {
      server.serve("/target", ({ response }) => response.end(CONTENT));
      for (let i = 1; i <= 4; i += 1) {
        server.serve(`/${i}`, ({ response }) =>
          response.writeHead(302, { location: i === 1 ? "target" : `/${i - 1}` }).end(),
        );
      }
      assert.deepEqual(await fetcherWith().fetch(`${server.url}/3`, MOST, same), CONTENT);
      await assert.rejects(fetcherWith().fetch(`${server.url}/4`, MOST, same), refused(/redirects more than 3 times/));
    });

    it("does not walk in a circle", async () => {
      const url = server.serve("/circle", ({ response }) => response.writeHead(301, { location: "/circle" }).end());
      await assert.rejects(fetcherWith().fetch(url, MOST, same), refused(/redirects more than 3 times/));
      assert.equal(server.requests.length, 4);
    });

    it("does not leave HTTP", async () => {
      for (const location of ["file:///etc/hostname", "ipfs://cid", "data:,x"]) {
        const url = server.serve("/away", ({ response }) => response.writeHead(302, { location }).end());
        await assert.rejects(fetcherWith().fetch(url, MOST, same), refused(/unknown scheme/));
      }
    });

    it("does not go from a public host into the operator's network, nor to a place without TLS [T140]", async () => {
      for (const [location, reason] of [
        ["https://10.0.0.1/admin", /private network/],
        ["https://[::1]/", /private network/],
        ["http://elsewhere.example/", /only https/],
      ] as const) {
        const fetcher = new Fetcher({ ...OPTIONS, allowPrivateHosts: false });
        const agent = new MockAgent(); // a public host that lures elsewhere
        agent.disableNetConnect();
        agent.get("https://public.example").intercept({ path: "/" }).reply(302, "", { headers: { location } });
        Object.defineProperty(fetcher, "agent", { value: agent });
        await assert.rejects(fetcher.fetch("https://public.example/", MOST, same), refused(reason));
      }
    });
  });

  describe("with addresses of the operator's network", () => {
    const fetcher = fetcherWith({ allowPrivateHosts: false });
    const hosts = [
      ["loopback", "127.0.0.1"],
      ["loopback, written short", "127.1"],
      ["loopback, written as a number", "2130706433"],
      ["IPv6 loopback", "[::1]"],
      ["IPv4-mapped loopback", "[::ffff:127.0.0.1]"],
      ["IPv4-mapped private", "[::ffff:10.1.2.3]"],
      ["translated (NAT64) loopback", "[64:ff9b::7f00:1]"],
      ["any address", "0.0.0.0"],
      ["private 10/8", "10.1.2.3"],
      ["private 172.16/12", "172.16.0.1"],
      ["private 192.168/16", "192.168.1.1"],
      ["link-local, where clouds keep credentials", "169.254.169.254"],
      ["carrier-grade NAT", "100.64.0.1"],
      ["unique local", "[fd00::1]"],
      ["IPv6 link-local", "[fe80::1]"],
    ] as const;
    for (const [what, host] of hosts) {
      it(`refuses ${what} [T140]`, async () => {
        await assert.rejects(fetcher.fetch(`https://${host}/`, MOST, same), refused(/points into a private network/));
      });
    }

    it("refuses a name that resolves to one [T140]", async () => {
      const { port } = new URL(server.url);
      server.serve("/", ({ response }) => response.end());
      await assert.rejects(fetcher.fetch(`https://localhost:${port}/`, MOST, same), refused(/resolves into a private/));
      assert.equal(server.connections, 0);
    });

    it("refuses HTTP without TLS, other schemes, and what is no URI", async () => {
      for (const uri of ["http://example.org/", "ftp://example.org/", "data:,x"]) {
        await assert.rejects(fetcher.fetch(uri, MOST, same), refused(/only https, ipfs and file are fetched/));
      }
      await assert.rejects(fetcher.fetch("no uri", MOST, same), refused(/is not a URI/));
      await assert.rejects(fetcher.fetch("", MOST, same), refused(/is not a URI/));
    });
  });

  describe("from files", () => {
    const root = join(folder, "models");
    const outside = join(folder, "secret");
    const uriOf = (path: string) => pathToFileURL(path).href;
    const fetcher = fetcherWith({ fileRoots: [root] });
    before(() => {
      mkdirSync(root);
      mkdirSync(join(folder, "models-of-others"));
      writeFileSync(join(root, "model"), CONTENT);
      writeFileSync(outside, "key");
      writeFileSync(join(folder, "models-of-others", "model"), CONTENT);
      symlinkSync(outside, join(root, "link"));
      symlinkSync(folder, join(root, "up"));
    });

    it("reads those in the listed folders", async () => {
      assert.deepEqual(await fetcher.fetch(uriOf(join(root, "model")), MOST, same), CONTENT);
    });

    it("refuses what lies elsewhere, however it is named [T136 T140]", async () => {
      const paths = [
        outside,
        join(root, "link"),
        join(root, "up", "secret"),
        join(folder, "models-of-others", "model"),
      ];
      const uris = [...paths.map(uriOf), `${uriOf(root)}/../secret`, `${uriOf(root)}/%2e%2e/secret`, uriOf(root)];
      for (const uri of uris) await assert.rejects(fetcher.fetch(uri, MOST, same), refused(/configured folders/));
    });

    it("refuses all where no folder is listed", async () => {
      await assert.rejects(fetcherWith().fetch(uriOf(join(root, "model")), MOST, same), refused(/configured folders/));
    });

    it("refuses what is too large", async () => {
      await assert.rejects(
        fetcher.fetch(uriOf(join(root, "model")), 499, same),
        refused(/has 500 bytes, more than 499/),
      );
    });
  });

  describe("from IPFS", () => {
    const CID = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG";

    it("asks a gateway for the path", async () => {
      server.serve(`/ipfs/${CID}/dir/model`, ({ response }) => response.end(CONTENT));
      const fetcher = fetcherWith({ gateways: [server.url] });
      assert.deepEqual(await fetcher.fetch(`ipfs://${CID}/dir/model`, MOST, same), CONTENT);
    });

    it("asks the next gateway when one is down, hangs, or serves what the caller does not take", async () => {
      const other = new HostileServer();
      await other.listen();
      other.serve(`/ipfs/${CID}`, ({ response }) => response.end(CONTENT));
      const fetcher = fetcherWith({ gateways: [server.url, other.url], timeout: 500 });
      const read = (bytes: Uint8Array) => {
        if (!CONTENT.equals(bytes)) throw new Error("not the content");
        return bytes;
      };
      for (const answer of [
        ({ response }) => response.writeHead(504).end(),
        () => undefined,
        ({ response }) => response.end("a lie"),
      ] satisfies Answer[]) {
        server.serve(`/ipfs/${CID}`, answer);
        assert.deepEqual(await fetcher.fetch(`ipfs://${CID}`, MOST, read), CONTENT);
      }
      await other.close();
      await assert.rejects(fetcher.fetch(`ipfs://${CID}`, MOST, read), { code: "ECONNREFUSED" });
    });

    it("does not leave the gateway's tree of content", async () => {
      server.serve("/api/v0/shutdown", ({ response }) => response.end());
      const fetcher = fetcherWith({ gateways: [server.url] });
      for (const uri of [
        "ipfs://../api/v0/shutdown",
        "ipfs://%2e%2e/api/v0/shutdown",
        "ipfs://a/../../api/v0/shutdown",
      ]) {
        await assert.rejects(fetcher.fetch(uri, MOST, same), FetchRefusedError);
      }
      assert.ok(
        server.requests.every((path) => path.startsWith("/ipfs/")),
        server.requests.join(),
      );
    });

    it("says that no gateway is configured", async () => {
      await assert.rejects(fetcherWith().fetch(`ipfs://${CID}`, MOST, same), refused(/no IPFS gateway is configured/));
    });
  });
});

describe("ArtifactStore", () => {
  const base = temporaryFolder();
  const server = new HostileServer();
  const fetcher = new Fetcher(OPTIONS);
  const digest = sha256(CONTENT);
  let folder: string;
  let store: ArtifactStore;
  before(() => server.listen());
  after(async () => {
    await fetcher.close();
    await server.close();
  });
  beforeEach(() => {
    server.forget();
    folder = join(base, randomBytes(8).toString("hex"));
    store = new ArtifactStore(folder, fetcher, MOST);
    server.serve("/right", ({ response }) => response.end(CONTENT));
    server.serve("/wrong", ({ response }) => response.end(CONTENT.toReversed()));
    server.serve("/short", ({ response }) => response.end(CONTENT.subarray(1)));
    server.serve("/long", ({ response }) => response.end(Buffer.concat([CONTENT, CONTENT])));
  });
  const reference = (...paths: readonly string[]) => ({
    digest,
    size: CONTENT.length,
    uris: paths.map((path) => server.url + path),
  });

  it("keeps a file under its digest, read-only, and fetches it once", async () => {
    const path = await store.path(reference("/right"));
    assert.equal(path, join(folder, digest.slice(2)));
    assert.deepEqual(readFileSync(path), CONTENT);
    assert.deepEqual([statSync(path).mode & 0o777, statSync(folder).mode & 0o777], [0o400, 0o700]);
    assert.deepEqual(await store.bytes({ ...reference(), digest: `0x${digest.slice(2).toUpperCase()}` }), CONTENT);
    assert.deepEqual(server.requests, ["/right"]);
  });

  it("takes the next mirror when one serves something else, or something of another size", async () => {
    await store.path(reference("/wrong", "/short", "/long", "/missing", "/right"));
    assert.deepEqual(server.requests, ["/wrong", "/short", "/long", "/missing", "/right"]);
    assert.deepEqual(readdirSync(folder), [digest.slice(2)]);
  });

  it("says of each mirror why it did not do, and keeps nothing [D08]", async () => {
    await assert.rejects(store.path(reference("/wrong", "/long")), (error) => {
      assert.ok(error instanceof UnavailableError);
      const [wrong, long] = error.causes;
      const given = sha256(CONTENT.toReversed());
      assert.deepEqual(wrong, new DigestMismatchError(`${server.url}/wrong`, given, digest));
      assert.deepEqual(long, new FetchRefusedError(`${server.url}/long`, "has 1000 bytes, more than 500"));
      return true;
    });
    assert.throws(() => readdirSync(folder), { code: "ENOENT" });
  });

  it("does not fetch what is larger than this node takes", async () => {
    const large = { ...reference("/right"), size: MOST + 1 };
    await assert.rejects(store.path(large), refused(/has 1001 bytes, more than this node takes \(1000\)/));
    assert.deepEqual(server.requests, []);
  });

  it("bounds what has only a digest by what this node takes", async () => {
    server.serve("/huge", ({ response }) => response.end(Buffer.alloc(MOST + 1)));
    const { uris } = reference("/huge", "/right");
    assert.deepEqual(await store.bytes({ digest, uris }), CONTENT);
  });

  it("fetches a file again that was changed on disk", async () => {
    const path = await store.path(reference("/right"));
    chmodSync(path, 0o600);
    writeFileSync(path, "changed");
    assert.deepEqual(await store.bytes(reference("/right")), CONTENT);
    assert.equal(server.requests.length, 2);
  });

  it("can be asked for one file several times at once", async () => {
    const files = await Promise.all(Array.from({ length: 5 }, () => store.bytes(reference("/right"))));
    for (const bytes of files) assert.deepEqual(bytes, CONTENT);
  });

  it("does not try the next mirror when the node stops", async () => {
    const stop = new AbortController();
    server.serve("/stop", () => {
      stop.abort(new Error("the node stops"));
    });
    await assert.rejects(store.path(reference("/stop", "/right"), stop.signal), { message: "the node stops" });
    assert.deepEqual(server.requests, ["/stop"]);
  });
});
