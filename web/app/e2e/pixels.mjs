import { crc32, deflateSync } from 'node:zlib';

/** A PNG of a damaged door, as far as a few lines draw one; the tone tells several apart, 0 to 1. */
export function picture(width, height, tone = 0) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const scratch = Math.abs(y - height / 2 - Math.sin(x / 60) * 40) < 6;
      const shade = 90 + Math.round((60 * y) / height);
      rows.set(scratch ? [225, 220, 210] : [shade - 50 + Math.round(130 * tone), shade, shade + 40 - Math.round(90 * tone)], y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
