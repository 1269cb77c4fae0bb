import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

// What the reader of PDFs asks for by name when a scanned page needs it: the decoders of
// JBIG2 and JPEG 2000 as plain scripts, because the content security policy allows no
// WebAssembly. Beside them nothing: no scripting engine, no colour engine.
const decoders = ['jbig2_nowasm_fallback.js', 'openjpeg_nowasm_fallback.js'];

export function pdf(modules: string): Plugin {
  const from = join(modules, 'pdfjs-dist');
  const { version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { version: string };
  const place = `assets/pdf-${version}/`;
  return {
    name: 'pdf',
    config: () => ({ define: { __PDF_DECODERS__: JSON.stringify(`/${place}`) } }),
    generateBundle() {
      for (const name of decoders) this.emitFile({ type: 'asset', fileName: place + name, source: readFileSync(join(from, 'wasm', name)) });
    },
  };
}
