// What calls are looked for by; it stands in the address.

export const wishes = ['meter', 'outcome', 'payer', 'department', 'resultCode'] as const;
export type Wish = Partial<Record<(typeof wishes)[number], string>>;

/** Those of some names that an address holds. */
export const wishIn = <Name extends string>(asked: URLSearchParams, names: readonly Name[]) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = asked.get(name);
      return value ? [[name, value]] : [];
    }),
  ) as Partial<Record<Name, string>>;
