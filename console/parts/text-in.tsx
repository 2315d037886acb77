// A document that is pasted, dropped, or opened from a file.

import { Input } from 'antd';
import { Field } from './field.tsx';
import { FileButton } from './file-button.tsx';

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly open: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly rows?: number;
}

export function TextIn({ label, placeholder, open, text, onChange, rows = 12 }: Props) {
  const take = (file: File) => void file.text().then(onChange);
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
      <FileButton label={open} accept=".json,application/json" onFile={take} />
    </>
  );
}
