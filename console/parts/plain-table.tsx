import type { ReactNode } from 'react';
import { Scroll } from './scroll.tsx';

type Column = string | { readonly title: string; readonly isNumber: true };

interface Props {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[]; readonly isMarked?: boolean }[];
}

const classOf = (column: Column | undefined) => (typeof column === 'object' ? 'number' : undefined);

/** A table of what is there already. */
export const PlainTable = ({ label, columns, rows }: Props) => (
  <Scroll label={label}>
    <table className="plain-table">
      <thead>
        <tr>
          {columns.map((column) => {
            const title = typeof column === 'string' ? column : column.title;
            return (
              <th scope="col" key={title} className={classOf(column)}>
                {title}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells, isMarked }) => (
          <tr key={key} className={isMarked === true ? 'marked' : undefined}>
            {cells.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column.
              <td key={index} className={classOf(columns[index])}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);
