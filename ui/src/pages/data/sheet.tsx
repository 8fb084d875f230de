// Which sheet of a workbook is read: the first one with data, unless another is named.
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../app/t';

/** As much of a file as a preview reads. */
export const HEAD_BYTES = 4_000_000;

export function SheetField({ sheet, onSheet }: { sheet: string; onSheet: (sheet: string) => void }) {
  const [typed, setTyped] = useState(sheet);
  return (
    <form
      className="row panel"
      style={{ alignItems: 'flex-end' }}
      onSubmit={(event) => {
        event.preventDefault();
        onSheet(typed.trim());
      }}
    >
      <TextInput label={t('new.sheet')} description={t('new.sheetNote')} value={typed} maxLength={200} onChange={(event) => setTyped(event.currentTarget.value)} style={{ flex: '0 1 320px' }} />
      <Button type="submit" variant="default" disabled={typed.trim() === sheet}>{t('new.sheetGo')}</Button>
    </form>
  );
}
