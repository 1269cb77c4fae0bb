// A voice message and a film that really play, made by the browser itself: Opus in Ogg, as
// WhatsApp sends what was spoken, and H.264 in MP4. The tone and the noise say nothing.

/** A tone of so many seconds: the browser's Opus, in pages of Ogg (RFC 3533, 7845). */
export async function spoken(page, seconds) {
  const packets = await page.evaluate(async (seconds) => {
    const rate = 48_000;
    const out = [];
    const take = (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      out.push(Array.from(bytes));
    };
    const encoder = new AudioEncoder({ output: take, error: (error) => out.push(error) });
    encoder.configure({ codec: 'opus', sampleRate: rate, numberOfChannels: 1, bitrate: 24_000 });
    for (let n = 0; n < seconds * 10; n++) {
      const data = Float32Array.from({ length: rate / 10 }, (_, i) => 0.3 * Math.sin((n * (rate / 10) + i) / 17));
      encoder.encode(new AudioData({ format: 'f32', sampleRate: rate, numberOfFrames: data.length, numberOfChannels: 1, timestamp: n * 100_000, data }));
    }
    await encoder.flush();
    return out;
  }, seconds);
  const head = Buffer.from('OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0', 'latin1');
  const tags = Buffer.from('OpusTags\x04\0\0\0test\0\0\0\0', 'latin1');
  const pages = [sheet(2, 0, 0, [head]), sheet(0, 0, 1, [tags])];
  for (let n = 0; n < seconds; n++) {
    const these = packets.slice(n * 50, (n + 1) * 50).map((bytes) => Buffer.from(bytes)); // 20 ms each
    pages.push(sheet(n === seconds - 1 ? 4 : 0, (n + 1) * 48_000, n + 2, these));
  }
  return Buffer.concat(pages);
}

/** A page of whole packets, each shorter than 255 bytes. */
function sheet(flags, granule, sequence, packets) {
  const start = Buffer.alloc(27);
  start.write('OggS');
  start[5] = flags;
  start.writeBigUInt64LE(BigInt(granule), 6);
  start.writeUInt32LE(4711, 14);
  start.writeUInt32LE(sequence, 18);
  start[26] = packets.length;
  const whole = Buffer.concat([start, Buffer.from(packets.map(({ length }) => length)), ...packets]);
  let sum = 0;
  for (const byte of whole) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  whole.writeUInt32LE(sum >>> 0, 22);
  return whole;
}

/** A film of noise without a sound, of about so many seconds; noise is large, so that not all of it is loaded at once. */
export async function filmed(page, seconds) {
  const text = await page.evaluate(async (seconds) => {
    const [width, height] = [320, 180];
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/mp4;codecs=avc1.42E01E', videoBitsPerSecond: 4_000_000 });
    const pieces = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const stopped = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    const end = performance.now() + seconds * 1000;
    const noise = new Uint32Array(width * height);
    while (performance.now() < end) {
      for (let i = 0; i < noise.length; i++) noise[i] = 0xff000000 | (Math.random() * 0xffffff);
      context.putImageData(new ImageData(new Uint8ClampedArray(noise.buffer), width), 0, 0);
      await new Promise((done) => setTimeout(done, 30));
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    let binary = '';
    for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return btoa(binary);
  }, seconds);
  return Buffer.from(text, 'base64');
}
