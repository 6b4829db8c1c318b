import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What answers to `/v1/outputs/<root>`, as a node does; gives 404 for any other root. */
export async function serveOutputs(outputs: ReadonlyMap<string, Uint8Array>) {
  const server = createServer((request, response) => {
    const output = outputs.get(request.url?.replace("/v1/outputs/", "") ?? "");
    response.writeHead(output === undefined ? 404 : 200).end(output);
  });
  server.unref(); // a test that fails before it closes holds nobody up
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
