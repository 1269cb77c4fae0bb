import { describe, expect, test } from 'vitest';
import { lengthOf, styled, type Field } from '../src/state/wording';

/** A field written as a text in which | stands around what is selected. */
function field(drawn: string): Field {
  const start = drawn.indexOf('|');
  const end = drawn.lastIndexOf('|');
  return { text: drawn.replaceAll('|', ''), start, end: start === end ? start : end - 1 };
}

function drawn({ text, start, end }: Field): string {
  const close = start === end ? '' : '|';
  return `${text.slice(0, start)}|${text.slice(start, end)}${close}${text.slice(end)}`;
}

describe('a style is put on and taken off', () => {
  test.each([
    ['Das ist |wichtig|.', 'bold', 'Das ist *|wichtig|*.'],
    ['Das ist *|wichtig|*.', 'bold', 'Das ist |wichtig|.'],
    ['Das ist |*wichtig*|.', 'bold', 'Das ist |wichtig|.'],
    ['Das| ist |so', 'italic', 'Das _|ist|_ so'],
    ['neu |', 'strike', 'neu ~|~'],
    ['|x|', 'mono', '```|x|```'],
    ['Foto|', 'bullets', '- Foto|'],
    ['- Foto|', 'bullets', 'Foto|'],
    ['- Fo|to', 'numbers', '1. Fo|to'],
    ['|Foto\nRechnung|', 'numbers', '|1. Foto\n2. Rechnung|'],
    ['a\nb|\nc', 'quote', 'a\n> b|\nc'],
  ] as const)('%s · %s', (before, style, after) => expect(drawn(styled(field(before), style))).toBe(after));
});

test('length is counted in characters, as the server does', () => {
  expect(lengthOf('äö😀')).toBe(3);
});
