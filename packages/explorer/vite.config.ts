import { fileURLToPath } from "node:url";

import { defineConfig, type Plugin } from "vite";

/** The same for every static host; `frame-ancestors` works as a header alone, which `public/_headers` asks hosts for. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self' http: https: ws: wss:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Writes the policy into the built page; a page under development is changed by scripts that it would refuse. */
const contentSecurityPolicy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: POLICY },
      injectTo: "head-prepend",
    },
  ],
};

export default defineConfig({
  // Works below any path of a static host.
  base: "./",
  plugins: [contentSecurityPolicy],
  worker: { format: "es" },
  resolve: {
    alias: {
      // The page shows and takes addresses alone, so tables of letters that names may have would only be weight.
      "@adraffy/ens-normalize": fileURLToPath(new URL("src/network/noNames.ts", import.meta.url)),
    },
  },
  build: {
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      onLog: (level, log, print) => {
        // wagmi marks its modules for servers that render; nothing is rendered on one here.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") print(level, log);
      },
    },
  },
});
