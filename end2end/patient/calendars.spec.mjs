// Visits in a calendar: the private address that a program reads, made, changed and ended, and one visit taken in by hand.
import { readFile } from 'node:fs/promises';

import { bookVisit, move, newPatient } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { linkTo } from '../fixtures/mail.mjs';
import { main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** What a calendar program gets behind an address, with folded lines put together. */
async function subscribed(request, path) {
  const answer = await request.get(path);
  return { status: answer.status(), text: (await answer.text()).replaceAll('\r\n ', '') };
}

function button(page, key) {
  return main(page).getByRole('button', { name: t(key), exact: true });
}

withAndWithoutScripts(() => {
  test('an address is made, tells more or less, and ends', { tag: '@engine' }, async ({ page, request }) => {
    const person = await newPatient(request);
    const visit = await bookVisit(request, person);
    await signIn(page, person.email, { password: person.password });
    await page.locator('.site-account summary').click();
    await page.getByRole('link', { name: t('own_calendar.title') }).click();
    await expect(page.getByRole('heading', { level: 1, name: t('own_calendar.title') })).toBeVisible();
    await expect(main(page).getByRole('radio', { name: t('own_calendar.visit') })).toBeChecked();
    await main(page).getByRole('radio', { name: t('own_calendar.full') }).check();
    await button(page, 'own_calendar.make').click();

    const address = await main(page).getByLabel(t('own_calendar.address'), { exact: true }).inputValue();
    const path = new URL(address).pathname;
    expect(path).toMatch(/^\/calendar\/[\w-]{43}\.ics$/);
    await expect(main(page).getByRole('link', { name: t('own_calendar.subscribe') })).toHaveAttribute('href', /^webcal:/);
    const full = await subscribed(request, path);
    expect(full.text).toContain(`UID:appt-${visit.id}@`);
    expect(full.text).toContain(visit.doctor.name);
    await linkTo(person.email, '/undo-email?token=');

    // Whoever comes back in time finds it, and nobody without the cookie of this browser.
    await page.goto('/account/calendar?saved=made');
    await expect(main(page).getByLabel(t('own_calendar.address'), { exact: true })).toHaveValue(address);
    await page.context().clearCookies({ name: 'caresync-calendar' });
    await page.goto('/account/calendar?saved=made');
    await expect(main(page).getByText(t('own_calendar.gone'))).toBeVisible();
    await expect(main(page).getByLabel(t('own_calendar.address'), { exact: true })).toHaveCount(0);
    await main(page).getByRole('radio', { name: t('own_calendar.busy') }).check();
    await button(page, 'own_calendar.change').click();
    await expect(main(page).getByText(t('own_calendar.saved_changed'))).toBeVisible();
    await expect(main(page).getByRole('radio', { name: t('own_calendar.busy') })).toBeChecked();
    const busy = await subscribed(request, path);
    expect(busy.text).toContain(`UID:appt-${visit.id}@`);
    expect(busy.text).not.toContain(visit.doctor.name);

    await move(request, person.token, visit, 'cancel');
    expect((await subscribed(request, path)).text).not.toContain(visit.id);
    await expect(button(page, 'own_calendar.end')).toBeHidden();
    await main(page).locator('summary').filter({ hasText: t('own_calendar.end_title') }).click();
    await button(page, 'own_calendar.end').click();
    await expect(main(page).getByText(t('own_calendar.saved_ended'))).toBeVisible();
    expect((await subscribed(request, path)).status).toBe(404);
  });

  test('one visit is taken into a calendar by hand', async ({ page, request }) => {
    const person = await newPatient(request);
    const visit = await bookVisit(request, person);
    await signIn(page, person.email, { password: person.password, next: `/appointments/${visit.id}` });
    const waiting = page.waitForEvent('download');
    await main(page).getByRole('link', { name: t('patient.add_to_calendar') }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('visit.ics');
    const text = (await readFile(await download.path(), 'utf8')).replaceAll('\r\n ', '');
    expect(text).toContain(`UID:appt-${visit.id}@`);
    expect(text).toContain(visit.doctor.name);
    await expect(page).toHaveURL(`/appointments/${visit.id}`);
  });
});
