import type { ReactNode } from 'react';

/** A control under its label. */
export const Field = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className="field">
    <label>
      {label}
      {children}
    </label>
  </div>
);
