// What of an account can be had as a file: its calls, what packs paid for them, its packs, the entries of its balance.

export const listNames = ['calls', 'draws', 'packs', 'entries'] as const;
export type ListName = (typeof listNames)[number];

/** How calls, and lists that are made in the background, are written. */
export const fileFormats = ['csv', 'json'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** Of a file that is made in the background. */
export const exportStates = ['waiting', 'running', 'done', 'failed'] as const;
export type ExportState = (typeof exportStates)[number];
