/** What is said, by key. German is the original, English follows it. */
export type Words = Record<string, { de: string; en: string }>;
