export type Box = { left: number; top: number; right: number; bottom: number };
export type Size = { width: number; height: number };
export type Side = 'below' | 'above';

const gap = 4;

/**
 * Where something that floats stands: on the wanted side of its anchor when it fits
 * there, else on the roomier one; from the start, the middle or the end of the
 * anchor; never outside of the view. All in CSS pixels.
 */
export function placement(
  anchor: Box,
  size: Size,
  view: Size,
  side: Side = 'below',
  align: 'start' | 'middle' | 'end' = 'start',
): { left: number; top: number } {
  const room = { above: anchor.top, below: view.height - anchor.bottom };
  const other = side === 'below' ? 'above' : 'below';
  const chosen = room[side] >= size.height + 2 * gap || room[side] >= room[other] ? side : other;
  const top = chosen === 'below' ? anchor.bottom + gap : anchor.top - gap - size.height;
  const left = {
    start: anchor.left,
    middle: (anchor.left + anchor.right - size.width) / 2,
    end: anchor.right - size.width,
  }[align];
  return { left: within(left, size.width, view.width), top: within(top, size.height, view.height) };
}

function within(from: number, length: number, view: number): number {
  return Math.max(gap, Math.min(from, view - length - gap));
}

/** Moves a floating element beside its anchor. Properties, because style attributes are forbidden. */
export function place(element: HTMLElement, anchor: Element, side: Side, align: 'start' | 'middle' | 'end'): void {
  const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
  const { left, top } = placement(anchor.getBoundingClientRect(), element.getBoundingClientRect(), view, side, align);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
