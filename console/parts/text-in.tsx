// A document that is pasted, dropped, or opened from a file.

import { Button, Input } from 'antd';
import { useRef } from 'react';
import { Field } from './field.tsx';

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly open: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly rows?: number;
}

export function TextIn({ label, placeholder, open, text, onChange, rows = 12 }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (file !== undefined) void file.text().then(onChange);
  };
  return (
    <>
      <Field label={label}>
        <Input.TextArea
          rows={rows}
          spellCheck={false}
          value={text}
          placeholder={placeholder}
          style={{ fontFamily: 'ui-monospace, monospace', fontSize: 12 }}
          onChange={({ target }) => onChange(target.value)}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            const [file] = event.dataTransfer.files;
            if (file === undefined) return;
            event.preventDefault();
            take(file);
          }}
        />
      </Field>
      <input
        ref={chooser}
        type="file"
        hidden
        accept=".json,application/json"
        aria-label={open}
        onChange={({ target }) => {
          take(target.files?.[0]);
          target.value = '';
        }}
      />
      <Button onClick={() => chooser.current?.click()}>{open}</Button>
    </>
  );
}
