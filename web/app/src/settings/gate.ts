/** The rows of the gate, in the order they are asked. */
export const rows = ['g1', 'g2', 'g3', 'g4', 'g5', 'g6', 'g7', 'g8', 'g9', 'g10', 'g11', 'g12'] as const;
export type GateRow = (typeof rows)[number];

/** What nobody assesses yet: a permit lists it. */
export const unassessed: readonly GateRow[] = ['g8', 'g10', 'g11'];
