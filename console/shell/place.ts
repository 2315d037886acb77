// Where the pages are served from. A site on a file host has no server behind it, and may stand in a folder.

const assets = new URL(import.meta.url);

/** The folder of the pages, "" at the root of a host. In development the modules are not in `assets/`. */
export const folder: string = import.meta.env.DEV ? '' : assets.pathname.replace(/\/assets\/[^/]*$/, '');

/** Whether these pages were written by `npm run site`. */
export const isSite: boolean = document.documentElement.hasAttribute('data-site');
