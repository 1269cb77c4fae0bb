import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { keepDirectory, licences, precompress } from './build/dist.ts';
import { pdf } from './build/pdf.ts';
import { early, workerFiles } from './build/shell.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = fileURLToPath(new URL('dist', import.meta.url));
const modules = fileURLToPath(new URL('node_modules', import.meta.url));
const shipped = ['svelte', 'openapi-fetch', '@lucide/svelte', '@fontsource-variable/inter', 'pdfjs-dist', 'pdfjs-dist/wasm'];
const api = process.env.API_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), early(root), workerFiles(), pdf(modules), keepDirectory(dist), licences(modules, shipped), precompress(dist)],
  build: {
    outDir: dist,
    emptyOutDir: false,
    target: 'es2023',
    // The oldest that know light-dark(), which the tokens are made of.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The content security policy allows our own files alone: no data: addresses,
    // no inline polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: `${root}index.html`, offline: `${root}offline.html`, sw: `${root}src/shell/worker.ts` },
      // The worker rules what lies beside and below it, so it stands at the top.
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/api': api } },
  test: { include: ['tests/**/*.test.ts', 'src/**/*.test.ts'], environment: 'node' },
});
