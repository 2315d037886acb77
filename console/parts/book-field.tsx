import { Select } from 'antd';
import { useSaid, useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';
import type { ShownBook } from '../worker/quote-tasks.ts';
import { Field } from './field.tsx';

interface Props {
  readonly books: readonly ShownBook[];
  readonly book: ShownBook;
  readonly onChange: (id: string) => void;
}

/** By which of the books a page computes. */
export function BookField({ books, book, onChange }: Props) {
  const say = useWords(partsWords);
  const said = useSaid();
  return (
    <Field label={say('book')}>
      <Select
        style={{ display: 'flex', maxWidth: 480, marginTop: 4 }}
        value={book.id}
        onChange={onChange}
        options={books.map((other) => ({ value: other.id, label: said(other) }))}
      />
    </Field>
  );
}
