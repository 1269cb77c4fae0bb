import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

// Go embeds dist, and a directory to embed must exist in a fresh clone. So dist
// is emptied around the file that keeps it there, instead of being removed.
export function keepDirectory(dir: string, keep = '.keep'): Plugin {
  return {
    name: 'keep-directory',
    apply: 'build',
    buildStart() {
      for (const name of readdirSync(dir)) {
        if (name !== keep) rmSync(join(dir, name), { recursive: true });
      }
    },
  };
}

// What is shipped keeps the licences it came under; the font's asks for it.
export function licences(modules: string, packages: string[]): Plugin {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle() {
      const texts = packages.map((name) => {
        const dir = join(modules, name);
        const files = readdirSync(dir).filter((entry) => /^licen[cs]e/i.test(entry));
        if (files.length === 0) throw new Error(`${name} has no licence file`);
        return `${name}\n\n${files.map((file) => readFileSync(join(dir, file), 'utf8').trim()).join('\n\n')}\n`;
      });
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join(`\n${'-'.repeat(72)}\n\n`) });
    },
  };
}

const compressible = /\.(m?js|css|html|svg|json|webmanifest|txt)$/;

// Each text file gets its .gz and .br beside it, so that the server compresses
// nothing while it serves. Fonts are compressed already.
export function precompress(dir: string): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    closeBundle() {
      for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !compressible.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const raw = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(raw, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }));
      }
    },
  };
}
