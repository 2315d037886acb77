import { InputNumber } from 'antd';
import { Field } from './field.tsx';

interface Props {
  /** What becomes of the former secret. */
  readonly help: string;
  readonly label: string;
  readonly hours: number;
  readonly onChange: (hours: number) => void;
}

/** For how long the former of two secrets is still good: none to thirty days. */
export const Overlap = ({ help, label, hours, onChange }: Props) => (
  <>
    <p>{help}</p>
    <Field label={label}>
      <InputNumber min={0} max={720} precision={0} value={hours} onChange={(value) => onChange(value ?? 0)} />
    </Field>
  </>
);
