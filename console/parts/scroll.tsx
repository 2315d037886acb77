import type { ReactNode } from 'react';

/** What may be wider than the window scrolls by itself, by keyboard too. */
export const Scroll = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <section className="scroll-x" tabIndex={0} aria-label={label}>
    {children}
  </section>
);
