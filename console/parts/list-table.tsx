// A list: its shape while it loads, what to do when it is empty or fails, "more" at its end, columns that are chosen and remembered.

import { Button, Checkbox, Dropdown, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { keep, readKept } from '../shell/kept.ts';
import { useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';
import type { Pages } from './pages.ts';
import { ProblemShown } from './problem-shown.tsx';
import { Scroll } from './scroll.tsx';

export interface Column<Item> {
  readonly key: string;
  readonly title: string;
  readonly cell: (item: Item) => ReactNode;
  /** Figures stand at the right. */
  readonly isNumber?: boolean;
  /** The first column stays; others may be put away, and these are at first. */
  readonly isExtra?: boolean;
}

/** Which rows are chosen, by their keys. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

interface Props<Item> {
  /** What the list is of, for those who do not see it; its chosen columns are remembered by `name`. */
  readonly label: string;
  readonly name: string;
  readonly pages: Pages<Item>;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  /** How the list comes to have something in it. */
  readonly empty: ReactNode;
  readonly selection?: Selection | undefined;
}

const placeOf = (name: string): string => `columns.${name}`;

function keptColumns(name: string): readonly string[] | null {
  try {
    const kept: unknown = JSON.parse(readKept(placeOf(name)) ?? 'null');
    return Array.isArray(kept) ? kept.filter((key) => typeof key === 'string') : null;
  } catch {
    // Somebody else wrote there.
    return null;
  }
}

export function ListTable<Item extends object>(props: Props<Item>) {
  const { label, name, pages, columns, keyOf, empty, selection } = props;
  const say = useWords(partsWords);
  const usual = columns.filter(({ isExtra }) => isExtra !== true).map(({ key }) => key);
  const [chosen, setChosen] = useState<readonly string[]>(() => keptColumns(name) ?? usual);
  const { items, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = pages;
  if (error !== null && items === undefined) return <ProblemShown problem={error} onAgain={() => void refetch()} />;
  if (items === undefined) return <Skeleton active paragraph={{ rows: 6 }} />;
  const more = hasNextPage ? (
    <Button style={{ marginTop: 16 }} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
      {say('more')}
    </Button>
  ) : null;
  if (items.length === 0)
    return (
      <div className="empty">
        {empty}
        {more}
      </div>
    );
  const [first] = columns;
  const shown = columns.filter(({ key }) => key === first?.key || chosen.includes(key));
  const choose = (keys: readonly string[]) => {
    setChosen(keys);
    keep(placeOf(name), JSON.stringify(keys));
  };
  return (
    <section aria-label={label}>
      {columns.length > 4 ? <ColumnChoice columns={columns.slice(1)} chosen={chosen} onChoose={choose} /> : null}
      <Scroll label={label}>
        <table className="plain-table list">
          <thead>
            <tr>
              {selection === undefined ? null : (
                <th scope="col">
                  <Checkbox
                    aria-label={say('chooseAll')}
                    checked={items.every((item) => selection.chosen.has(keyOf(item)))}
                    onChange={({ target }) => selection.onChoose(new Set(target.checked ? items.map(keyOf) : []))}
                  />
                </th>
              )}
              {shown.map(({ key, title, isNumber }) => (
                <th key={key} scope="col" className={isNumber === true ? 'number' : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={keyOf(item)}>
                {selection === undefined ? null : (
                  <td>
                    <Checkbox
                      aria-label={keyOf(item)}
                      checked={selection.chosen.has(keyOf(item))}
                      onChange={() => selection.onChoose(new Set([keyOf(item)]).symmetricDifference(selection.chosen))}
                    />
                  </td>
                )}
                {shown.map(({ key, cell, isNumber }) => (
                  <td key={key} className={isNumber === true ? 'number' : undefined}>
                    {cell(item)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <ProblemShown problem={error} onAgain={() => void fetchNextPage()} />
      {more}
    </section>
  );
}

interface ChoiceProps<Item> {
  readonly columns: readonly Column<Item>[];
  readonly chosen: readonly string[];
  readonly onChoose: (keys: readonly string[]) => void;
}

function ColumnChoice<Item>({ columns, chosen, onChoose }: ChoiceProps<Item>) {
  const say = useWords(partsWords);
  const [isOpen, setOpen] = useState(false);
  const items = columns.map(({ key, title }) => ({
    key,
    label: <Checkbox checked={chosen.includes(key)}>{title}</Checkbox>,
  }));
  const turn = (key: string) =>
    onChoose(chosen.includes(key) ? chosen.filter((other) => other !== key) : [...chosen, key]);
  return (
    <div style={{ textAlign: 'right', marginBottom: 8 }}>
      <Dropdown
        open={isOpen}
        onOpenChange={(open, { source }) => setOpen(source === 'menu' ? true : open)}
        trigger={['click']}
        menu={{ items, onClick: ({ key }) => turn(key) }}
      >
        <Button size="small">{say('columns')}</Button>
      </Dropdown>
    </div>
  );
}
