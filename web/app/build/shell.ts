import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

// Puts a small script before the styles of every page. It is no module, because
// modules wait for the page; so Vite leaves it alone, and it gets its name here.
export function early(root: string): Plugin {
  const path = 'src/style/early.js';
  const source = readFileSync(join(root, path), 'utf8');
  const built = `assets/early-${digest(source)}.js`;
  let building = false;
  return {
    name: 'early',
    configResolved(config) {
      building = config.command === 'build';
    },
    buildStart() {
      if (building) this.emitFile({ type: 'asset', fileName: built, source });
    },
    transformIndexHtml: () => [{ tag: 'script', attrs: { src: `/${building ? built : path}` }, injectTo: 'head-prepend' }],
  };
}

// Tells the service worker which files it keeps: what carries its hash in its name,
// and of the fonts the one that German and English need. The reader of PDFs is as large as
// all else together and comes when somebody reads one. The pages without a hash
// count for the version, so that a new one is fetched.
export function workerFiles(): Plugin {
  return {
    name: 'worker-files',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle['sw.js'];
        if (worker?.type !== 'chunk') throw new Error('the build made no sw.js');
        if (worker.imports.length > 0) throw new Error('sw.js imports, and a worker must be one file');
        const files = Object.keys(bundle)
          .filter((name) => /^assets\/.*\.(js|css|svg)$|^assets\/inter-latin-wght.*\.woff2$/.test(name) && !/^assets\/(pdf-|Paper-)/.test(name))
          .map((name) => `/${name}`)
          .sort();
        const offline = bundle['offline.html'];
        if (offline?.type !== 'asset') throw new Error('the build made no offline.html');
        const version = digest(JSON.stringify(files) + String(offline.source));
        worker.code = worker.code.replaceAll(/\bFILES\b/g, JSON.stringify(files)).replaceAll(/\bVERSION\b/g, JSON.stringify(version));
      },
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').replaceAll(/[-_]/g, '').slice(0, 8);
}
