// Builds web/index.html into one file without any reference to another: src/whoheld/export/static/map.html.
// The Content-Security-Policy allows just the script and the style that were built, by their hashes, and no network.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const notices = ["maplibre-gl/LICENSE.txt", "topojson-client/LICENSE", "world-atlas/LICENSE"];

function licences(): string {
  const texts = notices.map((path) => {
    const text = readFileSync(new URL(`node_modules/${path}`, import.meta.url), "utf8").trim();
    return `${path.split("/")[0]}\n\n${text}`;
  });
  texts.push("Country shapes: Natural Earth, naturalearthdata.com, public domain.");
  return texts.join("\n\n----\n\n");
}

function hashOf(content: string): string {
  return `'sha256-${createHash("sha256").update(content, "utf8").digest("base64")}'`;
}

function oneFile(): Plugin {
  return {
    name: "one-file",
    enforce: "post",
    generateBundle(_options, bundle) {
      let script = "";
      let style = "";
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === "chunk") script += file.code;
        else if (name.endsWith(".css")) style += String(file.source);
        else continue;
        delete bundle[name];
      }
      // A script must not hold "</script" or "<!--"; in a JavaScript string or pattern the escapes mean the same.
      script = script.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
      const policy = [
        "default-src 'none'",
        `script-src ${hashOf(script)}`,
        // Map libraries and SVG set single style properties; the sheets themselves are fixed by their hash.
        `style-src ${hashOf(style)}`,
        "worker-src blob:",
        "img-src data: blob:",
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ].join("; ");
      const comment = licences().replace(/--+/g, (dashes) => "=".repeat(dashes.length));
      const page = readFileSync(new URL("index.html", import.meta.url), "utf8")
        .replace("<!--policy-->", () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`)
        .replace("<!--licences-->", () => `<!--\nThis page holds parts of other works:\n\n${comment}\n-->`)
        .replace("<!--style-->", () => `<style>${style}</style>`)
        .replace("<!--script-->", () => `<script>${script}</script>`);
      this.emitFile({ type: "asset", fileName: "map.html", source: page });
    },
  };
}

export default defineConfig({
  json: { stringify: true },
  build: {
    target: "es2022",
    outDir: "../src/whoheld/export/static",
    emptyOutDir: true,
    assetsInlineLimit: 100_000_000,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 10_000,
    reportCompressedSize: false,
    modulePreload: false,
    rolldownOptions: {
      input: "src/main.ts",
      output: { format: "iife", codeSplitting: false },
    },
  },
  plugins: [oneFile()],
});
