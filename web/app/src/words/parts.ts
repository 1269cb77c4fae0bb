import type { Words } from './words';

// What the parts of the design system say by themselves.
export const parts = {} as const satisfies Words;
