// The frames of dialogs and drawers. Put together from the kit's parts, because its ready-made ones bring a
// second page header for screen readers.
import { Drawer, Modal } from '@mantine/core';
import '@mantine/core/styles/Drawer.layer.css';
import { type ReactNode, useEffect, useState } from 'react';
import { t } from '../app/t';

interface Props {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** Whether a press beside it closes it; not where something would be lost. */
  closeOutside?: boolean;
}

/** Ours open by being put on the page and close by leaving it, which the kit takes for no closing at all: whoever opened one gets the focus back. */
function useReturnFocus(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(() => () => {
    setTimeout(() => {
      if (opener instanceof HTMLElement && opener.isConnected && (!document.activeElement || document.activeElement === document.body)) opener.focus({ preventScroll: true });
    });
  }, [opener]);
}

export function Dialog({ title, onClose, children, closeOutside = true }: Props) {
  useReturnFocus();
  return (
    <Modal.Root opened onClose={onClose} centered closeOnClickOutside={closeOutside}>
      <Modal.Overlay />
      <Modal.Content>
        <div className="dialog-head"><Modal.Title>{title}</Modal.Title><Modal.CloseButton aria-label={t('action.close')} size={36} /></div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

export function SidePanel({ title, onClose, children }: Props) {
  useReturnFocus();
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="lg">
      <Drawer.Overlay />
      <Drawer.Content>
        <div className="dialog-head"><Drawer.Title>{title}</Drawer.Title><Drawer.CloseButton aria-label={t('action.close')} size={36} /></div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
