// Whose column names a file has: a choice among the maps that come with Suanpan.

import { Select } from 'antd';
import { useSaid, useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';
import { useInWorker } from '../worker/in-worker.ts';
import { Field } from './field.tsx';

interface Props {
  /** Maps for these kinds of tables alone; none: all. */
  readonly of?: string;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

export function ColumnChoice({ of, chosen, onChange }: Props) {
  const say = useWords(partsWords);
  const said = useSaid();
  const maps = useInWorker('columnMaps', {});
  const shown = (maps.data ?? []).filter((map) => of === undefined || map.for === of);
  return (
    <Field label={say('columnNames')}>
      <Select
        mode="multiple"
        style={{ display: 'flex', maxWidth: 480 }}
        placeholder={say('ownColumns')}
        value={[...chosen]}
        onChange={(names: string[]) => onChange(names)}
        options={shown.map((map) => ({ value: map.name, label: said(map) }))}
      />
    </Field>
  );
}
