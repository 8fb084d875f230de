// The keyboard shortcuts, and the switch that turns the single keys off.
import { Switch } from '@mantine/core';
import '@mantine/core/styles/Switch.layer.css';
import { PLACES, useSingleKeys } from '../../app/keys';
import { type Key, t } from '../../app/t';
import { Dialog } from '../../design/dialog';
import './menu.css';

export function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title={t('nav.keys')}>
      <div className="stack">
        <dl className="facts keys">
          <dt><kbd>Ctrl</kbd> <kbd>K</kbd></dt><dd>{t('menu.title')}</dd>
          <dt><kbd>?</kbd></dt><dd>{t('nav.keys')}</dd>
          {Object.keys(PLACES).map((key) => <Place key={key} letter={key} />)}
        </dl>
        <SingleKeys />
      </div>
    </Dialog>
  );
}

function Place({ letter }: { letter: string }) {
  return <><dt><kbd>g</kbd> <kbd>{letter}</kbd></dt><dd>{t(`keys.${letter}` as Key)}</dd></>;
}

export function SingleKeys() {
  const [on, set] = useSingleKeys();
  return <Switch label={t('keys.single')} description={t('keys.singleNote')} checked={on} onChange={(event) => set(event.currentTarget.checked)} />;
}
