// Builds the console into dist/: no address but our own, file names by content.
import { defineConfig } from "vite";

export default defineConfig({
  root: "src",
  base: "/console/",
  // graphql-js asks for this at run time; fixed here, its development-only branches fall away
  define: { "globalThis.process": "true" },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    assetsInlineLimit: 0, // data: URLs would need a wider content security policy
    chunkSizeWarningLimit: 8000, // the editor is large, and loaded once
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  worker: { format: "es" },
});
