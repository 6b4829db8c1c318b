import { defineConfig } from "vite";

// No plug-in and no polyfill: the SDK needs nothing that a browser does not have. One file, so that a test can run it.
export default defineConfig({
  build: {
    target: "es2023",
    modulePreload: false,
    rolldownOptions: { output: { format: "iife", codeSplitting: false } },
  },
});
