import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// The page that shows every part in every state. It is for us and for its test, and
// never a part of the product.
export default defineConfig({
  plugins: [svelte()],
  publicDir: false,
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: fileURLToPath(new URL('design.html', import.meta.url)) },
  },
  server: { open: '/design.html' },
});
