package simulator

import "encoding/binary"

// recording is a voice message as WhatsApp sends one, Ogg with Opus, of so many seconds; it
// says nothing. (RFC 3533, 6716, 7845)
func recording(seconds int) []byte {
	head := []byte("OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00")
	tags := []byte("OpusTags\x09\x00\x00\x00simulator\x00\x00\x00\x00")
	out := oggPage(nil, 2, 0, 0, head)
	out = oggPage(out, 0, 0, 1, tags)
	silence := make([][]byte, 50) // packets of 20 ms
	for i := range silence {
		silence[i] = []byte{0xf8, 0xff, 0xfe}
	}
	for i := range seconds {
		flags := byte(0)
		if i == seconds-1 {
			flags = 4
		}
		out = oggPage(out, flags, uint64(i+1)*48000, uint32(i+2), silence...)
	}
	return out
}

// oggPage appends a page of whole packets, each shorter than 255 bytes.
func oggPage(out []byte, flags byte, granule uint64, sequence uint32, packets ...[]byte) []byte {
	start := len(out)
	out = append(out, 'O', 'g', 'g', 'S', 0, flags)
	out = binary.LittleEndian.AppendUint64(out, granule)
	out = binary.LittleEndian.AppendUint32(out, 4711)
	out = binary.LittleEndian.AppendUint32(out, sequence)
	out = append(out, 0, 0, 0, 0, byte(len(packets)))
	for _, p := range packets {
		out = append(out, byte(len(p)))
	}
	for _, p := range packets {
		out = append(out, p...)
	}
	binary.LittleEndian.PutUint32(out[start+22:], oggSum(out[start:]))
	return out
}

// oggSum is Ogg's checksum: a CRC-32 that is not turned round.
func oggSum(page []byte) (sum uint32) {
	for _, b := range page {
		sum ^= uint32(b) << 24
		for range 8 {
			if sum&(1<<31) != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
	}
	return sum
}
