/** One server-sent event. */
export type Frame = { id: string; event: string; data: string };

/**
 * Reads server-sent events from text that arrives in pieces (HTML Standard, 9.2).
 * Returns a function that takes a piece and gives the events it completed.
 */
export function frameReader(): (piece: string) => Frame[] {
  let rest = '';
  let id = '';
  let event = '';
  let data: string[] = [];
  let filled = false; // an id alone moves the cursor, so it is an event too

  return (piece) => {
    const frames: Frame[] = [];
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (filled) frames.push({ id, event: event || 'message', data: data.join('\n') });
        event = '';
        data = [];
        filled = false;
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'id') id = value;
      else if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
      else continue;
      filled = true;
    }
    return frames;
  };
}
