import type pc from 'picocolors';

/** How text is coloured, or not at all. */
export type Colors = ReturnType<typeof pc.createColors>;
