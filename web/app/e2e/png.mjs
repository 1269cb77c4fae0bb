// Makes pictures of screens small: the 256 colours they use most, and what lies
// between goes to the nearest. Screens have few colours, so nobody sees it; what
// text loses are shades between two greys.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** The same picture in 256 colours. Takes what Chromium writes: 8 bits, RGB or RGBA. */
export function reduce(png) {
  const { width, height, channels, pixels } = decode(png);
  const colours = new Uint32Array(width * height);
  for (let at = 0, from = 0; at < colours.length; at++, from += channels) {
    colours[at] = (pixels[from] << 16) | (pixels[from + 1] << 8) | pixels[from + 2];
  }
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const weight = ([colour, count]) => count * (1 + 12 * strength(colour)); // a small coloured word is not to turn grey
  const palette = [...counts].sort((a, b) => weight(b) - weight(a)).slice(0, 256).map(([colour]) => colour);
  const index = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc(height * (width + 1)); // each row begins with its filter, none
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = index.get(colours[y * width + x]);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits, by palette
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const channelsOf = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** How far from grey, 0 to 1. */
function strength(colour) {
  const channels = channelsOf(colour);
  return (Math.max(...channels) - Math.min(...channels)) / 255;
}

function nearest(palette, colour) {
  const wanted = channelsOf(colour);
  let best = 0;
  let least = Infinity;
  for (let at = 0; at < palette.length && least > 0; at++) {
    const found = channelsOf(palette[at]);
    const far = found.reduce((sum, value, channel) => sum + (value - wanted[channel]) ** 2, 0);
    if (far < least) [best, least] = [at, far];
  }
  return best;
}

function decode(png) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = { 2: 3, 6: 4 }[png[25]];
  if (png[24] !== 8 || !channels || png[28] !== 0) throw new Error('not a picture as Chromium writes it');
  const data = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return { width, height, channels, pixels: unfilter(inflateSync(Buffer.concat(data)), width * channels, height, channels) };
}

// The five filters of the PNG specification, undone.
function unfilter(raw, stride, height, step) {
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x >= step ? pixels[y * stride + x - step] : 0;
      const up = y > 0 ? pixels[(y - 1) * stride + x] : 0;
      const corner = x >= step && y > 0 ? pixels[(y - 1) * stride + x - step] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      pixels[y * stride + x] = raw[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return pixels;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function chunk(name, content) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(content.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
