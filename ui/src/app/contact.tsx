// Whom to ask for tokens or help, where the administrator said so.
import { useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../api/queries';
import { t } from './t';

/** Where a contact leads when it is pressed: an address of mail or of a page; any other text is only read. */
export function contactAddress(contact: string): string | null {
  if (/^https?:\/\/\S+$/i.test(contact)) return contact;
  return /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(contact) ? `mailto:${contact}` : null;
}

export function Contact({ className = 'small soft' }: { className?: string }) {
  const settings = useQuery(settingsQuery);
  const contact = settings.data?.contact.trim();
  if (!contact) return null;
  const address = contactAddress(contact);
  return <p className={`${className} few`}>{t('contact.who')} {address ? <a href={address} rel="noreferrer"><bdi>{contact}</bdi></a> : <bdi>{contact}</bdi>}</p>;
}
