// Draws the icons of the installed app from the emblem: npm run icons. What it draws
// is committed, so that a build needs no browser.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch } from '../e2e/browser.mjs';

const emblem = await readFile(new URL('../src/style/emblem.svg', import.meta.url), 'utf8');
const ground = emblem.match(/<rect[^>]*fill="(#[0-9a-f]{6})"/)[1];

// A mask may cut away all but the middle four fifths; then the emblem's own rounded
// ground fills the whole square, and its sign grows smaller. iOS masks by itself.
const icons = [
  { file: '192.png', size: 192, masked: false },
  { file: '512.png', size: 512, masked: false },
  { file: 'maskable-192.png', size: 192, masked: true },
  { file: 'maskable-512.png', size: 512, masked: true },
  { file: 'apple-180.png', size: 180, masked: true },
];

const browser = await launch();
const page = await browser.newPage();
for (const { file, size, masked } of icons) {
  await page.setViewportSize({ width: size, height: size });
  const inner = Math.round(size * (masked ? 0.86 : 1));
  await page.setContent(
    `<body style="margin:0;width:${size}px;height:${size}px;display:grid;place-items:center;background:${masked ? ground : 'transparent'}">` +
      emblem.replace('<svg ', `<svg width="${inner}" height="${inner}" `),
  );
  const image = await page.screenshot({ omitBackground: true });
  await writeFile(fileURLToPath(new URL(`../public/icons/${file}`, import.meta.url)), image);
}
await browser.close();
