// The design page, built into a directory that goes at the end, behind the policy
// that the real server sends.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const header = new URL('../../../internal/httpd/header.go', import.meta.url);
const kinds = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

export async function design() {
  const dir = await mkdtemp(join(tmpdir(), 'botschaft-design-'));
  await build({ root, configFile: join(root, 'design.config.ts'), logLevel: 'error', build: { outDir: dir, emptyOutDir: true } });
  const policy = await ours();
  const server = createServer(async (request, answer) => {
    const path = normalize(new URL(request.url, 'http://x').pathname);
    const body = await readFile(join(dir, path)).catch(() => null);
    answer.writeHead(body ? 200 : 404, {
      'Content-Type': kinds[extname(path)] ?? 'text/plain',
      'Content-Security-Policy': policy,
    });
    answer.end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}/design.html`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The policy as the server's source has it, so that the two cannot part. */
async function ours() {
  const source = await readFile(header, 'utf8');
  const literal = source.slice(source.indexOf('const policy ='), source.indexOf('// securityHeaders'));
  const parts = [...literal.matchAll(/"([^"]*)"/g)].map(([, part]) => part);
  return `${parts.join('')}'none'`;
}
