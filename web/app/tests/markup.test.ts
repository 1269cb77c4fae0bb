import { describe, expect, test } from 'vitest';
import { blocks, inline, spoken, type Inline } from '../src/state/markup';

/** A short way to write down what was read: <b>, <i>, <s>, <c>, <a>. */
function drawn(parts: Inline[]): string {
  const letters = { bold: 'b', italic: 'i', strike: 's', code: 'c', link: 'a', text: '' };
  return parts
    .map((part) => {
      const inside = 'parts' in part ? drawn(part.parts) : part.text;
      const letter = letters[part.kind];
      return letter ? `<${letter}>${inside}</${letter}>` : inside;
    })
    .join('');
}

describe('the marks of a line', () => {
  test.each([
    ['*fett* und _kursiv_ und ~weg~', '<b>fett</b> und <i>kursiv</i> und <s>weg</s>'],
    ['*_beides_*', '<b><i>beides</i></b>'],
    ['(*fett*), ja.', '(<b>fett</b>), ja.'],
    ['`code *roh*`', '<c>code *roh*</c>'],
    ['```mono _roh_```', '<c>mono _roh_</c>'],
    ['2*3*4 und snake_case_name', '2*3*4 und snake_case_name'],
    ['* kein Punkt* und *offen', '* kein Punkt* und *offen'],
    ['*a\nb*', '*a\nb*'],
    ['**', '**'],
    ['Übung *größe* ß', 'Übung <b>größe</b> ß'],
    ['<b>roh</b> & <script>', '<b>roh</b> & <script>'],
  ])('%s', (text, want) => expect(drawn(inline(text))).toBe(want));

  test('an address becomes a link without the full stop behind it', () => {
    const [, link, rest] = inline('Siehe https://muster.example/a_b_c?x=1.') as Inline[];
    expect(link).toEqual({ kind: 'link', text: 'https://muster.example/a_b_c?x=1', href: 'https://muster.example/a_b_c?x=1' });
    expect(rest).toEqual({ kind: 'text', text: '.' });
    expect(drawn(inline('(www.muster.example/x(1))'))).toBe('(<a>www.muster.example/x(1)</a>)');
  });

  test.each(['javascript:alert(1)', 'https://bank.example@elsewhere.example/', 'https://', 'www.', 'data:text/html,x', 'xhttps://a.example'])(
    '%s is no link',
    (text) => expect(drawn(inline(text))).not.toContain('<a>'),
  );
});

describe('the blocks of a text', () => {
  test('plain text stays one block with its breaks', () => {
    expect(blocks('Guten Tag\n\nIhre Police')).toEqual([{ kind: 'text', parts: [{ kind: 'text', text: 'Guten Tag\n\nIhre Police' }] }]);
  });

  test('lists, quotes and code between text', () => {
    const found = blocks('Bitte:\n- *Foto*\n- Rechnung\n1. erst\n2. dann\n> zitiert\n> weiter\nEnde\n```\na  b\n```');
    expect(found.map((block) => block.kind)).toEqual(['text', 'bullets', 'numbers', 'quote', 'text', 'code']);
    expect(found[1]).toMatchObject({ items: [[{ kind: 'bold' }], [{ kind: 'text', text: 'Rechnung' }]] });
    expect(found[5]).toEqual({ kind: 'code', text: 'a  b' });
  });

  test('nothing written is lost', () => {
    for (const text of ['*', '```', '``` \n', '> ', '- ', '1. ', '_*~`', '*a _b* c_', '\n\n', '']) {
      const letters = (s: string) => s.replace(/[\s*_~`>-]/g, '');
      expect(letters(spoken(text)), JSON.stringify(text)).toBe(letters(text));
    }
  });

  test('a hostile text takes time in proportion to its length', () => {
    const pieces = ['*a ', '_a', '`', '```', '*a *', '> ', 'https://', '(*_~', '~a\n'];
    // Time of the processor and the best of several tries: the machine may be busy.
    const once = (times: number) => {
      const before = process.cpuUsage();
      for (const piece of pieces) blocks(piece.repeat(times));
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const best = (times: number) => Math.min(...Array.from({ length: 5 }, () => once(times)));
    // Sixteen times the text: about 16 if it is linear, 256 if it is quadratic.
    expect(best(32_000) / best(2000)).toBeLessThan(100);
  });
});
