import { Button } from 'antd';

interface Props {
  readonly name: string;
  readonly text: string;
  readonly label: string;
}

/** Has the browser save what the page holds. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  // The download has its own hold on it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A text as a file of the visitor's, made in the page. */
export function SaveText({ name, text, label }: Props) {
  return (
    <Button size="small" onClick={() => saveFile(name, new Blob([text], { type: 'text/plain' }))}>
      {label}
    </Button>
  );
}
