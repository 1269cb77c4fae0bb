// PDFs as somebody may send them, as small as they can be.

// Eight black points by eight: what a page of JBIG2 says of itself, and one region by fax code.
const hex = (text) => Buffer.from(text.replaceAll(' ', ''), 'hex').toString('latin1');
const square =
  hex('00000000 30 00 01 00000013 00000008 00000008 00000000 00000000 00 0000') +
  hex('00000001 26 00 01 00000016 00000008 00000008 00000000 00000000 00 01 26a2fffe');

/**
 * A document of pages that each say a line. `locked`: with a password that nobody knows.
 * `scanned`: with a black square, 100 points wide at (60, 300), as a scanner packs one (JBIG2).
 * `ballast`: so many bytes that no page needs.
 */
export function document(lines, { locked = false, scanned = false, ballast = 0 } = {}) {
  const kids = lines.map((_, n) => `${4 + 2 * n} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${lines.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...lines.flatMap((line, n) => {
      const image = scanned ? ' q 100 0 0 100 60 300 cm /S Do Q' : '';
      const draw = `0.2 0.4 0.7 rg 60 ${600 - 60 * n} 475 90 re f 0 g BT /F1 24 Tf 60 760 Td (${line}) Tj ET${image}`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> /XObject << /S ${4 + 2 * lines.length} 0 R >> >> /Contents ${5 + 2 * n} 0 R >>`,
        `<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`,
      ];
    }),
    `<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode /Length ${square.length} >>\nstream\n${square}\nendstream`,
    `<< /Length ${ballast} >>\nstream\n${'x'.repeat(ballast)}\nendstream`,
  ];
  let out = '%PDF-1.4\n';
  const places = objects.map((object, n) => {
    const at = out.length;
    out += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`;
  const key = 'ab'.repeat(32);
  const lock = locked ? `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >> /ID [<00> <00>]` : '';
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${lock} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(out, 'latin1');
}
