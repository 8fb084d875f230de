// Which sheet of a workbook is read. A workbook small enough to be looked at names its sheets; of others the first one with
// data is read, unless another is named.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Preview } from '../../api/types';
import { t } from '../../app/t';

interface Props {
  preview: Pick<Preview, 'sheets' | 'sheet'> | undefined;
  sheet: string;
  onSheet: (sheet: string) => void;
}

export function SheetField({ preview, sheet, onSheet }: Props) {
  const [typed, setTyped] = useState(sheet);
  // A sheet that cannot be read says nothing of the others.
  const known = useRef<Pick<Preview, 'sheets' | 'sheet'>>({});
  if (preview?.sheets) known.current = preview;
  const sheets = known.current.sheets ?? [];
  if (sheets.length === 1) return null;
  if (sheets.length > 1) return <NativeSelect label={t('new.sheet')} description={t('new.sheetOf', { count: sheets.length })} value={sheet || known.current.sheet || ''} onChange={(event) => onSheet(event.currentTarget.value)} data={sheets} style={{ maxWidth: 360 }} />;
  return (
    <div className="row" style={{ alignItems: 'flex-end' }}>
      <TextInput label={t('new.sheet')} description={t('new.sheetNote')} value={typed} maxLength={200} onChange={(event) => setTyped(event.currentTarget.value)} style={{ flex: '0 1 320px' }} />
      <Button variant="default" disabled={typed.trim() === sheet} onClick={() => onSheet(typed.trim())}>{t('new.sheetGo')}</Button>
    </div>
  );
}
