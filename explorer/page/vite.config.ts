import { defineConfig } from "vite";

// Relative addresses: the page works below any folder of any file server, with `index/` beside it.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
});
