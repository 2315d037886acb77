// Light or dark as the system has it, unless chosen otherwise; the nonce that lets the styles of the components in.

import { useSyncExternalStore } from 'react';
import { keep, readKept } from './kept.ts';

export type Shade = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

let chosen = readKept('shade');

const shadeNow = (): Shade => {
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system.matches ? 'dark' : 'light';
};

function tell(): void {
  document.documentElement.style.colorScheme = shadeNow();
  for (const listener of listeners) listener();
}
system.addEventListener('change', tell);
document.documentElement.style.colorScheme = shadeNow();

export function chooseShade(shade: Shade): void {
  chosen = shade;
  keep('shade', shade);
  tell();
}

export const useShade = (): Shade =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, shadeNow);

/** Browsers hide a nonce from everything but the element's property. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';

/** Parts of the component library make style elements for scroll bars without asking for the nonce. */
if (styleNonce !== '') {
  const create = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const made = create(name, options);
    if (name.toLowerCase() === 'style') made.nonce = styleNonce;
    return made;
  };
}

/** One accent; contrast 4.5:1 or more on both grounds. */
export const accent: Readonly<Record<Shade, string>> = { light: '#0b5cad', dark: '#58a6ff' };

const quietText = (color: string) => ({
  colorTextDescription: color,
  colorTextTertiary: color,
  colorTextSecondary: color,
  colorTextPlaceholder: color,
});

/** Text beside the text: still 4.5:1. */
export const quiet = {
  light: { ...quietText('#57606a'), colorError: '#cf222e' },
  dark: { ...quietText('#9ea7b3'), colorError: '#ff7b72' },
};
