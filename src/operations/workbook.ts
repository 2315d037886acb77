// Cells of workbooks: text as text, figures as numbers with a format.

export const textCell = (value: string) => ({ value, type: String }) as const;

export const titleCell = (value: string) => ({ value, type: String, fontWeight: 'bold' }) as const;

/** Excel keeps fifteen digits: what has more is text, exact to the last, and so is what is no number. Null: an empty cell. */
export function numberCell(figure: string | number | bigint, format: string) {
  if (figure === '') return null;
  const digits = String(figure).replace(/\D/g, '').length;
  return digits > 15 || Number.isNaN(Number(figure))
    ? textCell(String(figure))
    : ({ value: Number(figure), type: Number, format } as const);
}
