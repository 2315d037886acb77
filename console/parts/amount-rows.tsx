import { Amount } from './figures.tsx';

interface Props {
  /** Null: no public price. */
  readonly rows: readonly (readonly [label: string, amount: string | null])[];
  readonly currency: string;
  readonly className?: string;
  /** It changes while one looks, and is read out then. */
  readonly isLive?: boolean;
}

/** Amounts under one another, each with what it is. */
export const AmountRows = ({ rows, currency, className = '', isLive = false }: Props) => (
  <table className={`plain-table ${className}`} {...(isLive ? { 'aria-live': 'polite' as const } : {})}>
    <tbody>
      {rows.map(([label, amount]) => (
        <tr key={label}>
          <th scope="row">{label}</th>
          <td className="number">
            <Amount amount={amount} currency={currency} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
