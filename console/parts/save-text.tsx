import { Button } from 'antd';

interface Props {
  readonly name: string;
  readonly text: string;
  readonly label: string;
}

/** A text as a file of the visitor's, made in the page. */
export function SaveText({ name, text, label }: Props) {
  const save = () => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = Object.assign(document.createElement('a'), { href: address, download: name });
    link.click();
    // The download has its own hold on it by then.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  return (
    <Button size="small" onClick={save}>
      {label}
    </Button>
  );
}
